"""People who act in tests, and their tokens."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Table

from subgraphs.contracts.identity import Role
from subgraphs.contracts.scopes import SCOPES
from subgraphs.identity.app import key_store
from subgraphs.identity.domain import UserId, UserRole
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, Failure, RandomIds, Result, Success
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.people.table import Person, meet

R = TypeVar("R")

_NEWEST: Final = 1_000_000


def person(number: int, role: Role) -> Actor:
    """Somebody whose id is always the same."""
    return Actor(str(UUID(int=number)), role, SCOPES[role])


async def introduce(platform: Platform, tables: Iterable[Table], *actors: Actor) -> None:
    """Have contexts know people by these tables, as if identity had told of them."""
    async with platform.database.transaction() as connection:
        for table in tables:
            for actor in actors:
                await meet(connection, table, Person(actor.id, Role(actor.role)))


def token(platform: Platform, actor: Actor | None) -> str | None:
    """An access token of somebody, which nothing withdraws that happens to them; None for a visitor."""
    if actor is None:
        return None
    settings = platform.settings
    keys = key_store(settings, platform.clock)
    keys.open()
    issuer = TokenIssuer(
        keys, issuer=settings.issuer, audience=settings.audience, clock=platform.clock, ids=RandomIds()
    )
    user_id, role = UserId(actor.id), UserRole(actor.role)
    return issuer.issue(user_id, role, session_id="by hand", account_version=_NEWEST).token


def client(platform: Platform, context: BoundedContext, actor: Actor | None) -> GraphQLClient:
    """Asks a context as somebody, or as a visitor."""
    return GraphQLClient(context.asgi, token=token(platform, actor))


def done(result: Result[R, DomainError]) -> R:
    assert isinstance(result, Success), result
    return result.value


def refused(result: Result[Any, DomainError]) -> tuple[str, str | None]:
    """The code of the refusal, and the field at fault."""
    assert isinstance(result, Failure), result
    return result.error.code, result.error.field


def refusal(result: Result[Any, DomainError]) -> str:
    """The code of the refusal."""
    return refused(result)[0]


def codes(answer: Mapping[str, Any]) -> list[str]:
    """The codes of a response's errors."""
    return [error["extensions"]["code"] for error in answer.get("errors", ())]
