"""Users, as far as they are told things."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from collections.abc import Sequence

import strawberry

from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.notification.api.notifications import Notification
from subgraphs.notification.queries import Notifications, UnreadCounts


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="What the user was told, the newest first; for the user alone.",
    )
    async def notifications(
        self, info: Info, first: First = 20, after: After = None, only_unread: bool = False
    ) -> Connection[Notification] | None:
        return await inbox(info, str(self.id), first, after, only_unread=only_unread)

    @strawberry.federation.field(
        authenticated=True, description="How much of it is not read yet; for the user and the staff."
    )
    async def unread_notification_count(self, info: Info) -> int | None:
        return await info.context.load(str(self.id), _load_unread)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may have been told something: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def inbox(
    info: Info, user_id: str, first: int, after: str | None, *, only_unread: bool
) -> Connection[Notification]:
    """A part of what a user was told; QueryError to everybody else."""
    query = Notifications(user_id, slice_request(first, after), only_unread)
    return Connection.of(await info.context.ask(query), Notification.of)


async def _load_unread(context: GraphQLContext, ids: list[str]) -> list[int | None]:
    found = await context.ask(UnreadCounts(tuple(ids)))
    return [found.get(one) for one in ids]
