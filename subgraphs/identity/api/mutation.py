"""What can be done; each mutation is a command."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from datetime import datetime
from typing import TypeVar

import strawberry

from subgraphs.identity.api.inputs import (
    ActivateUserInput,
    ChangeUserRoleInput,
    LoginInput,
    RegisterUserInput,
    UpdateProfileInput,
)
from subgraphs.identity.api.user import User, UserProfile, load_profile, load_user
from subgraphs.identity.commands import ActivateUser, ChangeUserRole, Login, RegisterUser, UpdateProfile
from subgraphs.identity.domain import SetTo, UserId
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError

T = TypeVar("T")


@strawberry.type
class RegisterUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class LoginPayload:
    access_token: str | None = strawberry.field(
        default=None, description="For the header `Authorization: Bearer ...`."
    )
    expires_at: datetime | None = None
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UpdateProfilePayload:
    profile: UserProfile | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ActivateUserPayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class ChangeUserRolePayload:
    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Sign up as a student.")
    async def register_user(self, info: Info, input: RegisterUserInput) -> RegisterUserPayload:
        command = RegisterUser(input.email, input.password, input.first_name, input.last_name)
        match await info.context.execute(command):
            case Success(user_id):
                return RegisterUserPayload(user=await load_user(info.context, user_id, just_proven=True))
            case Failure(error):
                return RegisterUserPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Get an access token; it is valid for a quarter of an hour.")
    async def login(self, info: Info, input: LoginInput) -> LoginPayload:
        match await info.context.execute(Login(input.email, input.password)):
            case Success(token):
                return LoginPayload(
                    access_token=token.token,
                    expires_at=token.expires_at,
                    user=await load_user(info.context, token.user_id, just_proven=True),
                )
            case Failure(error):
                return LoginPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Change one's own profile.")
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

    @strawberry.mutation(description="Take a pending user in; for the staff.")
    async def activate_user(self, info: Info, input: ActivateUserInput) -> ActivateUserPayload:
        match await info.context.execute(ActivateUser(UserId(input.user_id))):
            case Success(user_id):
                return ActivateUserPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return ActivateUserPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Give somebody another role; for admins.")
    async def change_user_role(self, info: Info, input: ChangeUserRoleInput) -> ChangeUserRolePayload:
        match await info.context.execute(ChangeUserRole(UserId(input.user_id), input.role)):
            case Success(user_id):
                return ChangeUserRolePayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return ChangeUserRolePayload(errors=[UserError.of(error)])


def _given(value: strawberry.Some[T] | None) -> SetTo[T] | None:
    return SetTo(value.value) if value else None
