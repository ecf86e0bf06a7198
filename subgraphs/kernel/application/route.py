"""How a command is handled, and one command on its way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.policies import Policy
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.application.version import Receipt
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.limits.limits import Limited
from subgraphs.kernel.store.idempotency import Key
from subgraphs.kernel.store.unit_of_work import UnitOfWork

Q = TypeVar("Q", bound=Query[Any])
C = TypeVar("C", bound=Command[Any])
P = TypeVar("P")
R = TypeVar("R")

CommandHandler: TypeAlias = Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[R, DomainError]]]
PreparedHandler: TypeAlias = Callable[[C, P, UnitOfWork, RequestContext], Awaitable[Result[R, DomainError]]]
QueryHandler: TypeAlias = Callable[[Q, AsyncConnection, RequestContext], Awaitable[R]]
Preparation: TypeAlias = Callable[[C, RequestContext], Awaitable[Result[P, DomainError]]]


@dataclass(frozen=True, slots=True)
class Route:
    """What was registered for a kind of command. `result` is the type of what it is worth."""

    allow: Policy
    prepare: Preparation[Any, Any] | None
    handler: PreparedHandler[Any, Any, Any]
    result: Any
    is_remembered: bool
    limits: tuple[Limited, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    """One command. `key`, `prepared` and `work` are set by the steps that see to them, `receipt` filled."""

    context: str
    command: Command[Any]
    request: RequestContext
    route: Route
    key: Key | None = None
    prepared: Any = None
    work: UnitOfWork | None = None
    receipt: Receipt = field(default_factory=Receipt)

    @property
    def is_remembered(self) -> bool:
        """Whether it is done once, however often it is asked for."""
        return self.request.idempotency_key is not None and self.route.is_remembered

    @property
    def known_key(self) -> Key:
        """What it is remembered by; AssertionError for what is not."""
        assert self.key is not None, "it has no idempotency key"
        return self.key

    @property
    def open_work(self) -> UnitOfWork:
        """The transaction; AssertionError before there is one."""
        assert self.work is not None, "no transaction is open yet"
        return self.work


Outcome: TypeAlias = Result[Any, DomainError]
Proceed: TypeAlias = Callable[[Execution], Awaitable[Outcome]]
