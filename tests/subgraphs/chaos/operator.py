"""Somebody who looks after the system while it is hurt: tries dead letters again, replays, cancels."""

from dataclasses import dataclass
from random import Random
from typing import Final

from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import PageRequest
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.replay import replay
from subgraphs.kernel.projections import Projections
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.kernel.store.unit_of_work import Transactions
from tests.subgraphs.chaos.market import READ_MODEL, SHOP
from tests.subgraphs.chaos.notes import DIGEST, JOURNAL
from tests.subgraphs.kernel.shop import ORDER

_REQUEST: Final = RequestContext(Actor("operator", "operator"), "operator")
_FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Operator:
    """What they do is chance. Poison that is tried again is poison still; who cancels an order has it undone;
    what is delivered again was handled before."""

    transactions: Transactions
    chance: Random

    async def step(self) -> None:
        """Do one of it."""
        deed = self.chance.choice((self._retry, self._replay, self._cancel, self._give_up_a_rebuild))
        await deed()

    async def _retry(self) -> None:
        letters = DeadLetters(self.transactions)
        if page := await letters.page():
            letter = self.chance.choice(page)
            mended = letter.data if self.chance.random() < 0.5 else None
            await letters.retry(letter.id, _REQUEST, data=mended)

    async def _replay(self) -> None:
        begin = self.chance.randrange(1, 1_000)
        consumer = self.chance.choice((JOURNAL, DIGEST)).consumer
        selection = Selection(SHOP, begin, begin + self.chance.randrange(200))
        await replay(self.transactions, consumer, selection, _REQUEST, batch=50)

    async def _cancel(self) -> None:
        sagas = Sagas(self.transactions, [ORDER])
        running = await sagas.list(PageRequest(limit=_FEW), status=Status.RUNNING)
        if running.items:
            await sagas.cancel(self.chance.choice(running.items).id, _REQUEST, reason="no more interest")

    async def _give_up_a_rebuild(self) -> None:
        await Projections(self.transactions, [READ_MODEL]).cancel(READ_MODEL.name, _REQUEST)
