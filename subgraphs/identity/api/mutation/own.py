"""What somebody does about themselves."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from typing import TypeVar

import strawberry

from subgraphs.identity.api.inputs import (
    ChangePasswordInput,
    DeleteUserInput,
    RequestEmailChangeInput,
    RevokeSessionInput,
    UpdateBioInput,
    UpdateProfileInput,
    UpdateUserInput,
    UpdateUserSettingsInput,
)
from subgraphs.identity.api.payloads import (
    ChangePasswordPayload,
    DeleteUserPayload,
    RequestEmailChangePayload,
    RequestEmailVerificationPayload,
    RevokeSessionPayload,
    UpdateBioPayload,
    UpdateProfilePayload,
    UpdateUserPayload,
    UpdateUserSettingsPayload,
)
from subgraphs.identity.api.user import HASHING, load_profile, load_settings, load_user
from subgraphs.identity.commands import (
    ChangePassword,
    DeleteUser,
    RequestEmailChange,
    RequestEmailVerification,
    RevokeSession,
    UpdateBio,
    UpdateProfile,
    UpdateUser,
    UpdateUserSettings,
)
from subgraphs.identity.domain import SessionId, SetTo, UserId
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError

T = TypeVar("T")


@strawberry.type
class OwnMutations:
    @strawberry.federation.mutation(
        authenticated=True, description="Have the mail sent again that shows whose address it is."
    )
    async def request_email_verification(self, info: Info) -> RequestEmailVerificationPayload:
        match await info.context.execute(RequestEmailVerification()):
            case Success():
                return RequestEmailVerificationPayload()
            case Failure(error):
                return RequestEmailVerificationPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        authenticated=True,
        directives=[HASHING],
        description="Have another password. All sessions but this one end.",
    )
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:
        command = ChangePassword(input.current_password, input.new_password)
        match await info.context.execute(command):
            case Success(user_id):
                return ChangePasswordPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return ChangePasswordPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        authenticated=True,
        directives=[HASHING],
        description="Have a mail sent to a new address of one's own. The old one stays until "
        "`confirmEmailChange` shows that one has got it.",
    )
    async def request_email_change(
        self, info: Info, input: RequestEmailChangeInput
    ) -> RequestEmailChangePayload:
        command = RequestEmailChange(input.new_email, input.current_password)
        match await info.context.execute(command):
            case Success():
                return RequestEmailChangePayload()
            case Failure(error):
                return RequestEmailChangePayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        authenticated=True, description="End a session of one's own; the staff that of anybody."
    )
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:
        match await info.context.execute(RevokeSession(SessionId(input.session_id))):
            case Success(session_id):
                return RevokeSessionPayload(session_id=strawberry.ID(str(session_id)))
            case Failure(error):
                return RevokeSessionPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(authenticated=True, description="Change one's own profile.")
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:
        command = UpdateProfile(
            first_name=_given(input.first_name),
            last_name=_given(input.last_name),
            bio=_given(input.bio),
            avatar_url=_given(input.avatar_url),
            skills=SetTo(tuple(input.skills.value)) if input.skills else None,
        )
        match await info.context.execute(command):
            case Success(user_id):
                return UpdateProfilePayload(profile=await load_profile(info.context, user_id))
            case Failure(error):
                return UpdateProfilePayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(authenticated=True, description="Say something else about oneself.")
    async def update_bio(self, info: Info, input: UpdateBioInput) -> UpdateBioPayload:
        match await info.context.execute(UpdateBio(input.bio)):
            case Success(user_id):
                return UpdateBioPayload(profile=await load_profile(info.context, user_id))
            case Failure(error):
                return UpdateBioPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(authenticated=True, description="Want to be treated otherwise.")
    async def update_user_settings(
        self, info: Info, input: UpdateUserSettingsInput
    ) -> UpdateUserSettingsPayload:
        match await info.context.execute(UpdateUserSettings(input.time_zone)):
            case Success(user_id):
                return UpdateUserSettingsPayload(settings=await load_settings(info.context, user_id))
            case Failure(error):
                return UpdateUserSettingsPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        authenticated=True,
        description="Change an account's name: its owner, or the staff, who can change its address, too.",
    )
    async def update_user(self, info: Info, input: UpdateUserInput) -> UpdateUserPayload:
        command = UpdateUser(
            UserId(input.user_id),
            first_name=_given(input.first_name),
            last_name=_given(input.last_name),
            email=_given(input.email),
        )
        match await info.context.execute(command):
            case Success(user_id):
                return UpdateUserPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return UpdateUserPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        authenticated=True,
        description="Have a person forgotten: oneself, or somebody whom one manages. It cannot be undone.",
    )
    async def delete_user(self, info: Info, input: DeleteUserInput) -> DeleteUserPayload:
        match await info.context.execute(DeleteUser(UserId(input.user_id))):
            case Success(user_id):
                return DeleteUserPayload(user_id=strawberry.ID(str(user_id)))
            case Failure(error):
                return DeleteUserPayload(errors=[UserError.of(error)])


def _given(value: strawberry.Some[T] | None) -> SetTo[T] | None:
    return SetTo(value.value) if value else None
