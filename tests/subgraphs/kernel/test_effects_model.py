"""Whatever mood the provider is in, and whoever is dropped: what was asked for is done and answered once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import structlog
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    Outcome,
    OutcomeUnknownError,
    Refused,
    Succeeded,
)
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.house import Receipt
from tests.subgraphs.kernel.templates import Templates
from tests.subgraphs.kernel.till import Till, install, till

_MOODS = ("well", "busy", "lost before", "lost after", "silent", "declines")
_SALES = ("one", "two", "three", "four")
_OPTIONS = WorkerOptions(heartbeat=timedelta(hours=1), errands=2)


class Flaky:
    """It honours idempotency keys, can be asked about refunds but not about charges, and is in a mood.

    When it is `silent`, it does what it was asked and never answers.
    """

    name = "flaky"

    def __init__(self) -> None:
        self.mood = "well"
        self.done: Counter[str] = Counter()
        self.outcomes: dict[str, Outcome[Receipt]] = {}

    async def call(self, key: str, request: Any) -> Outcome[Receipt]:
        match self.mood:
            case "busy":
                raise NotDoneError("busy")
            case "lost before":
                raise OutcomeUnknownError("lost")
        if key not in self.outcomes:
            self.done[key] += 1
            refused = Refused("NO", "no")
            self.outcomes[key] = refused if self.mood == "declines" else Succeeded(Receipt(len(self.done)))
        match self.mood:
            case "lost after":
                raise OutcomeUnknownError("lost")
            case "silent":
                await asyncio.Event().wait()
        return self.outcomes[key]

    async def find(self, key: str, request: Any) -> Outcome[Receipt] | None:
        if self.mood == "silent":
            await asyncio.Event().wait()
        return self.outcomes.get(key) if key.startswith("till.refund") else None


class FlakyTill(RuleBasedStateMachine):
    """Two workers on one database; now and then one is dropped with all that it has in hand."""

    templates: Templates

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.stack = AsyncExitStack()
        self.clock = FakeClock()
        self.provider = Flaky()
        self.asked: set[str] = set()

    @initialize()
    def open(self) -> None:
        url = self.templates.file(install, Path(self.folder.name))
        self.tills: list[Till] = [self._run(self._open(url)) for _ in range(2)]
        self.workers = [self._worker(number) for number in range(2)]
        self.sell("one")

    @rule(sale=st.sampled_from(_SALES))
    def sell(self, sale: str) -> None:
        self.asked.add(sale)
        self._run(self.tills[0].sell(sale))

    @rule(
        number=st.sampled_from((0, 1)),
        mood=st.sampled_from(_MOODS),
        minutes=st.sampled_from((0, 1, 10)),
        turns=st.integers(0, 60),
    )
    def work(self, number: int, mood: str, minutes: int, turns: int) -> None:
        """Some time later a worker takes a step, and errands get on for a while."""
        self.clock.advance(timedelta(minutes=minutes))
        self.provider.mood = mood

        async def work() -> None:
            await self.workers[number].step()
            for _ in range(turns):
                await asyncio.sleep(0)

        self._run(work())

    @rule(number=st.sampled_from((0, 1)))
    def drop(self, number: int) -> None:
        """A worker is heard of no more; what it has under way goes on all the same, as a zombie's would."""
        self.workers[number] = self._worker(number)

    @invariant()
    def each_effect_is_done_once(self) -> None:
        assert set(self.provider.done.values()) <= {1}

    def teardown(self) -> None:
        try:
            if self.asked:
                self._run(self._settle())
        finally:
            self._run(self._close())
            self.loop.close()
            self.folder.cleanup()

    async def _settle(self) -> None:
        """In the end the provider is well, and all is done and answered."""
        self.provider.mood, worker = "well", Worker(self.tills[0].transactions)
        for _ in range(8):
            self.clock.advance(timedelta(minutes=10))
            await worker.drain()
        assert await worker.backlog() == Backlog(waiting=0, dead=0, blocked=0)
        answers = await self.tills[0].answers()
        assert answers == [(sale, self._expected(sale)) for sale in sorted(self.asked)]
        for sale in self.asked:
            status = await self.tills[0].returned(sale)
            if self._expected(sale) == "NO":
                assert status is None
            else:
                assert status is self._returned(sale)
        self.each_effect_is_done_once()

    def _expected(self, sale: str) -> str:
        return "charged" if isinstance(self.provider.outcomes[f"till.charge:{sale}"], Succeeded) else "NO"

    def _returned(self, sale: str) -> Status:
        refund = self.provider.outcomes[f"till.refund:{sale}"]
        return Status.COMPLETED if isinstance(refund, Succeeded) else Status.FAILED

    async def _open(self, url: str) -> Till:
        return await self.stack.enter_async_context(
            till(url, self.clock, self.provider, self.provider, threads=False)
        )

    def _worker(self, number: int) -> Worker:
        return Worker(self.tills[number].transactions, options=_OPTIONS)

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.stack.aclose()

    def _run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)


@pytest.fixture(autouse=True)
def _machine(templates: Templates) -> Iterator[None]:
    FlakyTill.templates = templates
    with structlog.testing.capture_logs():
        yield


TestFlakyTill = FlakyTill.TestCase
TestFlakyTill.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
