"""The identity subgraph: GraphQL in, commands and queries out. It owns the entity User."""

# ruff: noqa: A002 -- arguments are named as in GraphQL: id, input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from collections.abc import Sequence
from datetime import datetime
from typing import Self, TypeVar

import strawberry

from subgraphs.identity.commands import ActivateUser, ChangeUserRole, Login, RegisterUser, UpdateProfile
from subgraphs.identity.domain import SetTo, UserId, UserRole, UserStatus
from subgraphs.identity.queries import UsersByIds, UsersList, UserView, shows_private
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.pagination import Page, page_request
from subgraphs.kernel.graphql.schema import FederatedSchema, Representation

T = TypeVar("T")

strawberry.enum(UserRole, description="What somebody is at the academy.")
strawberry.enum(UserStatus, description="How far somebody has come with us.")


@strawberry.type(description="What somebody tells the others.")
class UserProfile:
    user_id: strawberry.ID
    first_name: str
    last_name: str
    bio: str | None
    avatar_url: str | None
    skills: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, view: UserView) -> Self:
        return cls(
            user_id=strawberry.ID(view.id),
            first_name=view.first_name,
            last_name=view.last_name,
            bio=view.bio,
            avatar_url=view.avatar_url,
            skills=list(view.skills),
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


@strawberry.federation.type(keys=["id"], description="Somebody with an account.")
class User:
    view: strawberry.Private[UserView]
    just_proven: strawberry.Private[bool]
    id: strawberry.ID
    name: str = strawberry.field(description="First and last name.")
    role: UserRole
    created_at: datetime

    @strawberry.federation.field(tags=["personal-data"], description="Shown to the user and to the staff.")
    def email(self, info: Info) -> str | None:
        return self.view.email if self._shows_private(info) else None

    @strawberry.field(description="Shown to the user and to the staff.")
    def status(self, info: Info) -> UserStatus | None:
        return self.view.status if self._shows_private(info) else None

    @strawberry.field
    def profile(self) -> UserProfile:
        return UserProfile.of(self.view)

    @classmethod
    def of(cls, view: UserView, *, just_proven: bool = False) -> Self:
        """`just_proven`: the asker has no token yet, and has shown in this request to be this user."""
        return cls(
            view=view,
            just_proven=just_proven,
            id=strawberry.ID(view.id),
            name=f"{view.first_name} {view.last_name}",
            role=view.role,
            created_at=view.created_at,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        views = await info.context.ask(UsersByIds(tuple(str(key.get("id")) for key in keys)))
        return [cls.of(view) if view else None for view in views]

    def _shows_private(self, info: Info) -> bool:
        return self.just_proven or shows_private(self.view, info.context.request)


@strawberry.type
class Query:
    @strawberry.field(description="The user who is asking; null for a visitor.")
    async def me(self, info: Info) -> User | None:
        return await _load_user(info.context, info.context.actor.id) if info.context.actor else None

    @strawberry.field
    async def user_by_id(self, info: Info, id: strawberry.ID) -> User | None:
        return await _load_user(info.context, id)

    @strawberry.field
    async def user_profile(self, info: Info, user_id: strawberry.ID) -> UserProfile | None:
        return await _load_profile(info.context, user_id)

    @strawberry.field(description="Everybody, the oldest account first; for the staff.")
    async def users_list(
        self, info: Info, offset: int = 0, limit: int = 10, role: UserRole | None = None
    ) -> Page[User] | None:
        return Page.of(await info.context.ask(UsersList(page_request(offset, limit), role)), User.of)


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


@strawberry.input(description="What is left out stays as it is; null takes it away.")
class UpdateProfileInput:
    first_name: strawberry.Maybe[str]
    last_name: strawberry.Maybe[str]
    bio: strawberry.Maybe[str | None]
    avatar_url: strawberry.Maybe[str | None]
    skills: strawberry.Maybe[list[str]]


@strawberry.input
class ActivateUserInput:
    user_id: strawberry.ID


@strawberry.input
class ChangeUserRoleInput:
    user_id: strawberry.ID
    role: UserRole


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
                return RegisterUserPayload(user=await _load_user(info.context, user_id, just_proven=True))
            case Failure(error):
                return RegisterUserPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Get an access token; it is valid for a quarter of an hour.")
    async def login(self, info: Info, input: LoginInput) -> LoginPayload:
        match await info.context.execute(Login(input.email, input.password)):
            case Success(token):
                return LoginPayload(
                    access_token=token.token,
                    expires_at=token.expires_at,
                    user=await _load_user(info.context, token.user_id, just_proven=True),
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
                return UpdateProfilePayload(profile=await _load_profile(info.context, user_id))
            case Failure(error):
                return UpdateProfilePayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Take a pending user in; for the staff.")
    async def activate_user(self, info: Info, input: ActivateUserInput) -> ActivateUserPayload:
        match await info.context.execute(ActivateUser(UserId(input.user_id))):
            case Success(user_id):
                return ActivateUserPayload(user=await _load_user(info.context, user_id))
            case Failure(error):
                return ActivateUserPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Give somebody another role; for admins.")
    async def change_user_role(self, info: Info, input: ChangeUserRoleInput) -> ChangeUserRolePayload:
        match await info.context.execute(ChangeUserRole(UserId(input.user_id), input.role)):
            case Success(user_id):
                return ChangeUserRolePayload(user=await _load_user(info.context, user_id))
            case Failure(error):
                return ChangeUserRolePayload(errors=[UserError.of(error)])


schema = FederatedSchema(query=Query, mutation=Mutation)


async def _views(context: GraphQLContext, ids: list[str]) -> list[UserView | None]:
    return list(await context.ask(UsersByIds(tuple(ids))))


async def _load_user(context: GraphQLContext, user_id: object, *, just_proven: bool = False) -> User | None:
    view = await context.load(str(user_id), _views)
    return User.of(view, just_proven=just_proven) if view else None


async def _load_profile(context: GraphQLContext, user_id: object) -> UserProfile | None:
    view = await context.load(str(user_id), _views)
    return UserProfile.of(view) if view else None


def _given(value: strawberry.Some[T] | None) -> SetTo[T] | None:
    return SetTo(value.value) if value else None
