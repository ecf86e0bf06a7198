"""What can be asked."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry

from subgraphs.identity.api.roles import UserRole
from subgraphs.identity.api.user import User, UserProfile, load_profile, load_user
from subgraphs.identity.queries import UsersList
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.pagination import Page, page_request


@strawberry.type
class Query:
    @strawberry.field(description="The user who is asking; null for a visitor.")
    async def me(self, info: Info) -> User | None:
        return await load_user(info.context, info.context.actor.id) if info.context.actor else None

    @strawberry.field
    async def user_by_id(self, info: Info, id: strawberry.ID) -> User | None:
        return await load_user(info.context, id)

    @strawberry.field
    async def user_profile(self, info: Info, user_id: strawberry.ID) -> UserProfile | None:
        return await load_profile(info.context, user_id)

    @strawberry.field(description="Everybody, the oldest account first; for the staff.")
    async def users_list(
        self, info: Info, offset: int = 0, limit: int = 10, role: UserRole | None = None
    ) -> Page[User] | None:
        return Page.of(await info.context.ask(UsersList(page_request(offset, limit), role)), User.of)
