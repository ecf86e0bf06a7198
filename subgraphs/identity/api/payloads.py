"""What mutations answer: what they are about, and why nothing was changed if so."""

from datetime import datetime

import strawberry

from subgraphs.identity.api.user import Account, User, UserProfile, UserSettings
from subgraphs.kernel.graphql.errors import UserError


@strawberry.type
class RegisterUserPayload:
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class LoginPayload:
    access_token: str | None = strawberry.field(
        default=None, description="For the header `Authorization: Bearer ...`."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="Of the access token: a quarter of an hour from now."
    )
    refresh_token: str | None = strawberry.field(
        default=None,
        description="For `refreshToken`, once, within 30 days. Keep it to yourself.",
    )
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class RefreshTokenPayload:
    access_token: str | None = None
    expires_at: datetime | None = None
    refresh_token: str | None = strawberry.field(
        default=None, description="For the next time: the one that was shown is good no more."
    )
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class LogoutPayload:
    session_id: strawberry.ID | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class RevokeSessionPayload:
    session_id: strawberry.ID | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class VerifyEmailPayload:
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="Without errors, a mail is on its way.")
class RequestEmailVerificationPayload:
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="Without errors, a mail is on its way to the new address.")
class RequestEmailChangePayload:
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ConfirmEmailChangePayload:
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ChangePasswordPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="Without errors, a mail is on its way, should somebody have this address.")
class RequestPasswordResetPayload:
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ResetPasswordPayload:
    user: User | None = None
    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UpdateProfilePayload:
    profile: UserProfile | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UpdateBioPayload:
    profile: UserProfile | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UpdateUserSettingsPayload:
    settings: UserSettings | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class CreateUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UpdateUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class DeleteUserPayload:
    user_id: strawberry.ID | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ActivateUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class DeactivateUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ChangeUserRolePayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)
