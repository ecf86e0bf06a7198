"""The entity User, and its profile."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry

from subgraphs.identity.api.roles import UserRole, UserStatus
from subgraphs.identity.queries import PrivateByIds, PrivateView, UsersByIds, UserView, shows_private
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation


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
    async def email(self, info: Info) -> str | None:
        private = await self._private(info)
        return private.email if private else None

    @strawberry.field(description="Shown to the user and to the staff.")
    async def status(self, info: Info) -> UserStatus | None:
        private = await self._private(info)
        return private.status if private else None

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

    async def _private(self, info: Info) -> PrivateView | None:
        if self.just_proven or shows_private(self.view, info.context.request):
            return await info.context.load(self.view.id, _private_views)
        return None


async def load_user(context: GraphQLContext, user_id: object, *, just_proven: bool = False) -> User | None:
    """One user, loaded with all others that are asked for at once."""
    view = await context.load(str(user_id), _views)
    return User.of(view, just_proven=just_proven) if view else None


async def load_profile(context: GraphQLContext, user_id: object) -> UserProfile | None:
    """The same for profiles."""
    view = await context.load(str(user_id), _views)
    return UserProfile.of(view) if view else None


async def _views(context: GraphQLContext, ids: list[str]) -> list[UserView | None]:
    return list(await context.ask(UsersByIds(tuple(ids))))


async def _private_views(context: GraphQLContext, ids: list[str]) -> list[PrivateView | None]:
    return list(await context.ask(PrivateByIds(tuple(ids))))
