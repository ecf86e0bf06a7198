"""What can be asked."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry
from strawberry.federation.schema_directives import ListSize

from subgraphs.identity.api.roles import UserRole
from subgraphs.identity.api.user import FOR_STAFF, PUBLIC, Session, User, UserProfile, load_profile, load_user
from subgraphs.identity.queries import CheckUserExists, SessionsOf, UserByEmail, Users, UsersList
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.pagination import (
    SIZED_BY_LIMIT,
    Page,
    PageLimit,
    PageNumber,
    PageOffset,
    numbered_page,
    page_request,
)

_MOST_SESSIONS = ListSize(assumed_size=10, slicing_arguments=None, sized_fields=None)


@strawberry.type
class Query:
    @strawberry.field(description="The user who is asking; null for a visitor.")
    async def me(self, info: Info) -> User | None:
        return await load_user(info.context, info.context.actor.id) if info.context.actor else None

    @strawberry.federation.field(
        authenticated=True,
        directives=[_MOST_SESSIONS],
        description="The asker's own sessions that go on, the last used first.",
    )
    async def sessions(self, info: Info) -> list[Session] | None:
        actor = info.context.actor
        found = await info.context.ask(SessionsOf(actor.id if actor else ""))
        return [Session.of(view) for view in found]

    @strawberry.federation.field(tags=PUBLIC)
    async def user_by_id(self, info: Info, id: strawberry.ID) -> User | None:
        return await load_user(info.context, id)

    @strawberry.federation.field(tags=PUBLIC, description="A user, with the profile in one read.")
    async def user_with_profile(self, info: Info, id: strawberry.ID) -> User | None:
        return await load_user(info.context, id)

    @strawberry.federation.field(tags=PUBLIC)
    async def user_profile(self, info: Info, user_id: strawberry.ID) -> UserProfile | None:
        return await load_profile(info.context, user_id)

    @strawberry.federation.field(requires_scopes=FOR_STAFF, description="Whose address it is; for the staff.")
    async def user_by_email(self, info: Info, email: str) -> User | None:
        view = await info.context.ask(UserByEmail(email))
        return User.of(view) if view else None

    @strawberry.federation.field(
        requires_scopes=FOR_STAFF, description="Whether somebody has this address; for the staff."
    )
    async def check_user_exists(self, info: Info, email: str) -> bool | None:
        return await info.context.ask(CheckUserExists(email))

    @strawberry.federation.field(
        requires_scopes=FOR_STAFF,
        directives=[SIZED_BY_FIRST],
        description="Everybody, the oldest account first; for the staff.",
    )
    async def users(self, info: Info, first: First = 20, after: After = None) -> Connection[User] | None:
        return Connection[User].of(await info.context.ask(Users(slice_request(first, after))), User.of)

    @strawberry.federation.field(
        requires_scopes=FOR_STAFF,
        directives=[SIZED_BY_LIMIT],
        description="Everybody, with a total, the oldest account first; for the staff.",
    )
    async def users_list(
        self, info: Info, offset: PageOffset = 0, limit: PageLimit = 10, role: UserRole | None = None
    ) -> Page[User] | None:
        return Page.of(await info.context.ask(UsersList(page_request(offset, limit), role)), User.of)

    @strawberry.federation.field(
        requires_scopes=FOR_STAFF,
        directives=[SIZED_BY_LIMIT],
        description="Everybody of a role, the oldest account first; pages count from 1; for the staff.",
    )
    async def users_by_role(
        self, info: Info, role: UserRole, page: PageNumber = 1, limit: PageLimit = 20
    ) -> Page[User] | None:
        part = numbered_page(page, limit)
        return Page.of(await info.context.ask(UsersList(part, role)), User.of)
