"""Given a saga, when messages come and time goes by, then this is sent. No database.

given_saga(ORDER).when(OrderPlaced(...)).then(Send(...)).after(timedelta(minutes=15)).then(Publish(...))
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, TypeVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.sagas import machine
from subgraphs.kernel.sagas.definition import Saga
from subgraphs.kernel.sagas.machine import Move, Wake
from subgraphs.kernel.sagas.outputs import Publish, Send
from subgraphs.kernel.sagas.record import SagaRecord, Status
from subgraphs.kernel.testing.clock import FakeClock

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Scenario(Generic[S]):
    """A saga on its way; every step gives a new scenario. `sent` is what `then` has not looked at yet."""

    saga: Saga[S]
    now: datetime
    record: SagaRecord[S] | None = None
    timers: tuple[Wake, ...] = ()
    sent: tuple[Send | Publish, ...] = ()

    @property
    def current(self) -> SagaRecord[S]:
        """The saga; AssertionError before it has started."""
        assert self.record is not None, "no message has started the saga"
        return self.record

    def when(self, *messages: IntegrationEvent) -> "Scenario[S]":
        """These messages come, one after the other."""
        scenario = self
        for message in messages:
            move = machine.receive(scenario.saga, scenario.record, message, scenario.now)
            scenario = scenario._moved(move)
        return scenario

    def after(self, time: timedelta) -> "Scenario[S]":
        """So much time goes by, and each timer runs out when it is due."""
        scenario, end = self, self.now + time
        while due := [timer for timer in scenario.timers if timer.at <= end]:
            first = min(due, key=attrgetter("at"))
            left = tuple(timer for timer in scenario.timers if timer is not first)
            scenario = replace(scenario, now=first.at, timers=left)
            scenario = scenario._moved(machine.wake(scenario.saga, scenario.current, first, first.at))
        return replace(scenario, now=end)

    def cancelled(self, reason: str) -> "Scenario[S]":
        """Somebody cancels it."""
        return self._moved(machine.cancel(self.saga, self.current, reason, self.now))

    def then(self, *sent: Send | Publish, status: Status = Status.RUNNING) -> "Scenario[S]":
        """Exactly this was sent since the last `then`, and this is where the saga stands."""
        assert (self.sent, self.current.status) == (sent, status)
        return replace(self, sent=())

    def _moved(self, move: Move[S] | None) -> "Scenario[S]":
        if move is None:
            return self
        sent = tuple(effect for effect in move.effects if not isinstance(effect, Wake))
        timers = tuple(effect for effect in move.effects if isinstance(effect, Wake))
        return replace(self, record=move.record, sent=(*self.sent, *sent), timers=(*self.timers, *timers))


def given_saga(saga: Saga[Any]) -> Scenario[Any]:
    """A saga that has not started."""
    return Scenario(saga, FakeClock().now())
