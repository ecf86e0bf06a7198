"""The inputs of mutations, each of which is a command."""

import strawberry

from subgraphs.identity.api.roles import UserRole


@strawberry.input
class RegisterUserInput:
    email: str
    password: str = strawberry.field(description="8 characters or more, 72 bytes or less.")
    first_name: str
    last_name: str


@strawberry.input
class LoginInput:
    email: str
    password: str


@strawberry.input(
    description="What a client brings back from the identity provider, and what it had made up for that."
)
class LoginWithProviderInput:
    code: str
    code_verifier: str = strawberry.field(description="PKCE, RFC 7636")
    nonce: str


@strawberry.input
class RefreshTokenInput:
    refresh_token: str = strawberry.field(description="That of the last login or refresh: each is good once.")


@strawberry.input
class LogoutInput:
    refresh_token: str | None = strawberry.field(
        default=None, description="Whose session ends; without one, that of the access token does."
    )


@strawberry.input
class RevokeSessionInput:
    session_id: strawberry.ID


@strawberry.input
class VerifyEmailInput:
    token: str = strawberry.field(description="From the mail.")


@strawberry.input
class RequestEmailChangeInput:
    new_email: str
    current_password: str


@strawberry.input
class ConfirmEmailChangeInput:
    token: str = strawberry.field(description="From the mail.")


@strawberry.input
class ChangePasswordInput:
    current_password: str
    new_password: str = strawberry.field(description="8 characters or more, 72 bytes or less.")


@strawberry.input
class RequestPasswordResetInput:
    email: str


@strawberry.input
class ResetPasswordInput:
    token: str = strawberry.field(description="From the mail.")
    new_password: str = strawberry.field(description="8 characters or more, 72 bytes or less.")


@strawberry.input(description="What is left out stays as it is; null takes it away.")
class UpdateProfileInput:
    first_name: strawberry.Maybe[str]
    last_name: strawberry.Maybe[str]
    bio: strawberry.Maybe[str | None]
    avatar_url: strawberry.Maybe[str | None]
    skills: strawberry.Maybe[list[str]]


@strawberry.input
class UpdateBioInput:
    bio: str | None


@strawberry.input
class UpdateUserSettingsInput:
    time_zone: str = strawberry.field(description="A name of the IANA database, such as Europe/Berlin.")


@strawberry.input
class CreateUserInput:
    email: str
    first_name: str
    last_name: str
    role: UserRole = UserRole.STUDENT


@strawberry.input(description="What is left out stays as it is.")
class UpdateUserInput:
    user_id: strawberry.ID
    first_name: strawberry.Maybe[str]
    last_name: strawberry.Maybe[str]
    email: strawberry.Maybe[str]


@strawberry.input
class DeleteUserInput:
    user_id: strawberry.ID


@strawberry.input
class ActivateUserInput:
    user_id: strawberry.ID


@strawberry.input
class DeactivateUserInput:
    user_id: strawberry.ID
    reason: str = strawberry.field(description="For those who look after people; 500 characters or less.")


@strawberry.input
class ChangeUserRoleInput:
    user_id: strawberry.ID
    role: UserRole
