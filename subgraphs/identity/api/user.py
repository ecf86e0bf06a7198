"""The entity User, and what belongs to it."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self

import strawberry
from strawberry.federation.schema_directives import Cost

from subgraphs.contracts.scopes import USERS_MANAGE
from subgraphs.identity.api.roles import UserRole, UserStatus
from subgraphs.identity.queries import (
    PrivateByIds,
    PrivateView,
    SessionView,
    SettingsByIds,
    SettingsView,
    UsersByIds,
    UserView,
    is_own,
    is_own_or_for_staff,
)
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation

PUBLIC: Final = ["public"]
PERSONAL: Final = ["personal-data"]
FOR_STAFF: Final = [[USERS_MANAGE]]
HASHING: Final = Cost(weight=50)
"""A password takes a third of a second of a processor."""


@strawberry.federation.type(description="What somebody tells the others.", tags=PUBLIC)
class UserProfile:
    id: strawberry.ID = strawberry.field(description="The user's: everybody has one profile.")
    user_id: strawberry.ID
    first_name: str
    last_name: str
    bio: str | None
    avatar_url: str | None
    skills: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, view: UserView) -> Self | None:
        if view.profile is None:
            return None
        return cls(
            id=strawberry.ID(view.id),
            user_id=strawberry.ID(view.id),
            first_name=view.profile.first_name,
            last_name=view.profile.last_name,
            bio=view.profile.bio,
            avatar_url=view.profile.avatar_url,
            skills=list(view.profile.skills),
            created_at=view.profile.created_at,
            updated_at=view.profile.updated_at,
        )


@strawberry.federation.type(description="How somebody wants to be treated.", tags=PERSONAL)
class UserSettings:
    time_zone: str = strawberry.field(description="A name of the IANA database, such as Europe/Berlin.")
    updated_at: datetime

    @classmethod
    def of(cls, view: SettingsView) -> Self:
        return cls(time_zone=view.time_zone, updated_at=view.updated_at)


@strawberry.federation.type(
    tags=PERSONAL,
    description="What is told of an account to whoever has just shown that it is theirs.",
)
class Account:
    id: strawberry.ID
    email: str
    status: UserStatus
    subscription_id: strawberry.ID | None = strawberry.field(description="Paid for last.")


@strawberry.federation.type(description="A login that lasts, on one device.", tags=PERSONAL)
class Session:
    id: strawberry.ID
    user_agent: str | None = strawberry.field(description="What the program calls itself that logged in.")
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime = strawberry.field(description="Unless it is used before.")
    is_current: bool = strawberry.field(description="Whether it is the one that asks.")

    @classmethod
    def of(cls, view: SessionView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            user_agent=view.user_agent,
            created_at=view.created_at,
            last_used_at=view.last_used_at,
            expires_at=view.expires_at,
            is_current=view.is_current,
        )


@strawberry.federation.type(
    keys=["id"],
    description="Somebody with an account. Who was deleted is still there, without a name.",
)
class User:
    view: strawberry.Private[UserView]
    id: strawberry.ID = strawberry.federation.field(tags=PUBLIC)
    name: str = strawberry.federation.field(tags=PUBLIC, description="First and last name.")
    first_name: str = strawberry.federation.field(tags=PUBLIC)
    last_name: str = strawberry.federation.field(tags=PUBLIC)
    bio: str | None = strawberry.federation.field(tags=PUBLIC, description="That of the profile.")
    skills: list[str] = strawberry.federation.field(tags=PUBLIC, description="Those of the profile.")
    role: UserRole = strawberry.federation.field(tags=PUBLIC)
    created_at: datetime = strawberry.federation.field(tags=PUBLIC)
    updated_at: datetime = strawberry.federation.field(
        tags=PUBLIC, description="When the account changed last; the profile says so for itself."
    )

    @strawberry.federation.field(
        tags=PERSONAL, authenticated=True, description="Shown to the user and to the staff."
    )
    async def email(self, info: Info) -> str | None:
        private = await self._private(info)
        return private.email if private else None

    @strawberry.federation.field(authenticated=True, description="Shown to the user and to the staff.")
    async def status(self, info: Info) -> UserStatus | None:
        if self.view.is_deleted:
            return UserStatus.DELETED
        private = await self._private(info)
        return private.status if private else None

    @strawberry.federation.field(
        tags=PERSONAL, authenticated=True, description="Paid for last; shown to the user and to the staff."
    )
    async def subscription_id(self, info: Info) -> strawberry.ID | None:
        private = await self._private(info)
        return strawberry.ID(private.subscription_id) if private and private.subscription_id else None

    @strawberry.federation.field(
        authenticated=True,
        description="Shown to the user. Null for a moment after the account was made.",
    )
    async def settings(self, info: Info) -> UserSettings | None:
        if not is_own(self.view.id, info.context.request):
            return None
        return await load_settings(info.context, self.view.id)

    @strawberry.federation.field(tags=PUBLIC, description="Null for a moment after the account was made.")
    def profile(self) -> UserProfile | None:
        return UserProfile.of(self.view)

    @classmethod
    def of(cls, view: UserView) -> Self:
        return cls(
            view=view,
            id=strawberry.ID(view.id),
            name=view.name,
            first_name=view.shown.first_name,
            last_name=view.shown.last_name,
            bio=view.profile.bio if view.profile else None,
            skills=list(view.profile.skills) if view.profile else [],
            role=view.role,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        views = await info.context.ask(UsersByIds(tuple(str(key.get("id")) for key in keys)))
        return [cls.of(view) if view else None for view in views]

    async def _private(self, info: Info) -> PrivateView | None:
        if not is_own_or_for_staff(self.view.id, info.context.request):
            return None
        return await info.context.load(self.view.id, _private_views)


async def load_user(context: GraphQLContext, user_id: object) -> User | None:
    """One user who is not deleted, loaded with all others that are asked for at once."""
    view = await context.load(str(user_id), _views)
    return User.of(view) if view and not view.is_deleted else None


async def load_opened(context: GraphQLContext, user_id: object) -> tuple[User | None, Account | None]:
    """The user who has shown in this request who they are, and what only they are told."""
    user, owner = await load_user(context, user_id), Actor(str(user_id), "")
    [private] = await context.ask_as(owner, PrivateByIds((owner.id,)))
    if user is None or private is None:
        return user, None
    subscription_id = strawberry.ID(private.subscription_id) if private.subscription_id else None
    return user, Account(
        id=user.id, email=private.email, status=private.status, subscription_id=subscription_id
    )


async def load_profile(context: GraphQLContext, user_id: object) -> UserProfile | None:
    """The same for profiles."""
    view = await context.load(str(user_id), _views)
    return UserProfile.of(view) if view else None


async def load_settings(context: GraphQLContext, user_id: object) -> UserSettings | None:
    """The same for settings, of who asks."""
    view = await context.load(str(user_id), _settings_views)
    return UserSettings.of(view) if view else None


async def _views(context: GraphQLContext, ids: list[str]) -> list[UserView | None]:
    return list(await context.ask(UsersByIds(tuple(ids))))


async def _private_views(context: GraphQLContext, ids: list[str]) -> list[PrivateView | None]:
    return list(await context.ask(PrivateByIds(tuple(ids))))


async def _settings_views(context: GraphQLContext, ids: list[str]) -> list[SettingsView | None]:
    return list(await context.ask(SettingsByIds(tuple(ids))))
