"""What a context asks identity about somebody of whom it has not heard."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import Table

from subgraphs.contracts.identity import STAFF_ROLES, GetUserById, Role, UserFound
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.application.route import Preparation
from subgraphs.kernel.domain import DomainError, Failure, Identifier, Result, Success
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.questions import NoReplyError, Questions
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.people.following import following
from subgraphs.people.table import Person, find_person, meet

C = TypeVar("C", bound=Command[Any])

PERSON_UNCONFIRMED: Final = DomainError(
    "PERSON_UNCONFIRMED",
    "Nobody can say at the moment whether there is somebody of this id: try again",
    retry_after=1,
)

_IDENTITY: Final = "identity.get_user_by_id"


class People:
    """The people whom a context knows, and how it gets to know others. For as long as a query waits for what
    it should know, a command waits for identity's answer."""

    def __init__(self, context: str, table: Table, platform: Platform) -> None:
        self._table = table
        self._context = context
        self._transactions = platform.transactions
        self._patience = platform.settings.patience
        self._questions = Questions(context, platform.transactions, (GetUserById,), hear=self._on_answer)

    @property
    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """They belong to the context's."""
        return (*following(self._context, self._table), *self._questions.subscriptions)

    def named(
        self, ids: Mapping[str, Callable[[C], str | None]], *, by_all: Collection[str] = ()
    ) -> Preparation[C, None]:
        """Before a command of the staff's: ask about those whom it names, by the fields that do. Some may be
        named `by_all`.

        Then whoever is not in the table is nobody. PERSON_UNCONFIRMED when there is no answer; what is no id
        is for the command to refuse. Nobody asks about themselves, and whom other contexts name is there,
        perhaps before it is told here.
        """

        async def get_to_know(command: C, request: RequestContext) -> Result[None, DomainError]:
            for field, id_of in ids.items():
                if not _may_name(request, is_for_all=field in by_all):
                    continue
                match Identifier.parse(id_of(command) or ""):
                    case Success(value=named) if str(named) != request.actor_id:
                        try:
                            await self._get_to_know(str(named), request)
                        except NoReplyError:
                            return Failure(replace(PERSON_UNCONFIRMED, field=field))
            return Success(None)

        return get_to_know

    async def _get_to_know(self, user_id: str, request: RequestContext) -> None:
        async with self._transactions.database.read() as connection:
            if await find_person(connection, self._table, user_id) is not None:
                return
        answer = await self._questions.ask(
            GetUserById(user_id), to=_IDENTITY, key=user_id, request=request, deadline=self._patience
        )
        if (person := _person(answer)) is not None:
            async with self._transactions.begin(self._context, request) as work:
                await meet(work.connection, self._table, person)

    async def _on_answer(self, answer: Envelope[Any], work: UnitOfWork) -> None:
        """One that comes too late for who has asked is there when they ask again."""
        if (person := _person(answer.body)) is not None:
            await meet(work.connection, self._table, person)


def _person(answer: UserFound) -> Person | None:
    if answer.user_id is None or answer.role is None:
        return None
    return Person(answer.user_id, Role(answer.role))


def _may_name(request: RequestContext, *, is_for_all: bool) -> bool:
    """Whether somebody asks about others: who may not name them anyway, asks nothing."""
    actor = request.actor
    return actor is not None and actor != SYSTEM and (is_for_all or actor.role in STAFF_ROLES)
