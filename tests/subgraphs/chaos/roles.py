"""What each process does until it is told to end, or dies."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import structlog

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.projections import Projector
from tests.subgraphs.chaos.control import SPEED, Control, Phase
from tests.subgraphs.chaos.market import READ_MODEL, Market, hindering, market
from tests.subgraphs.chaos.plan import key_of, wish

LEASE_SECONDS: Final = 1.5
"""How long a silent worker is believed to be alive, in the time of this world."""

_OPTIONS: Final = WorkerOptions(
    lease=timedelta(seconds=LEASE_SECONDS * SPEED),
    heartbeat=timedelta(seconds=LEASE_SECONDS / 4),
    patience=timedelta(seconds=60),  # a process that was stopped was not slow
)
_LOOK_EVERY_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 0.06
_AFTER_AN_ERROR_SECONDS: Final = 0.2
_ASKED_TWICE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process lives: `slot` is its own clock's, `life` counts how often it was started."""

    folder: Path
    url: str
    seed: int
    name: str
    slot: int
    life: int

    @property
    def control_file(self) -> Path:
        return self.folder / "control"

    @property
    def answers_file(self) -> Path:
        """The numbers of a producer's commands that were answered, one a line."""
        return self.folder / f"{self.name}.answers"

    @property
    def log_file(self) -> Path:
        return self.folder / f"{self.name}.log"


Role = Callable[[Place, Control], Coroutine[Any, Any, None]]


def live(role: Role, place: Place) -> None:
    """The life of a process."""
    with place.log_file.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S.%f"),
            structlog.dev.ConsoleRenderer(
                colors=False,
                exception_formatter=structlog.dev.plain_traceback,  # the pretty ones take a tenth of a second
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    control = Control(place.control_file, place.slot)
    asyncio.run(_live(role(place, control), control))


async def _live(life: Coroutine[Any, Any, None], control: Control) -> None:
    parent = os.getppid()
    task = asyncio.create_task(life)
    while not task.done() and control.phase is not Phase.ENDING:
        if os.getppid() != parent:
            os._exit(1)  # whoever watched is gone
        await asyncio.wait({task}, timeout=_LOOK_EVERY_SECONDS)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def work(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Worker(context.transactions, options=_OPTIONS).run()


async def number(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Sequencer(context.transactions).run()


async def project(place: Place, control: Control) -> None:
    async with _market(place, control) as context:
        await Projector(context.transactions, [READ_MODEL]).run()


async def produce(place: Place, control: Control) -> None:
    """Give one command after the other until each is answered, until there is to be nothing new.

    Whoever died without an answer asks again first: under the same idempotency key.
    """
    chance = Random(f"{place.seed} {place.name} {place.life}")
    async with _market(place, control) as context:
        with place.answers_file.open("a") as answers:
            number = answered(place.answers_file) + 1
            while control.phase is Phase.RUNNING:
                await _ask(context, place, number, chance)
                answers.write(f"{number}\n")
                answers.flush()
                number += 1
                await asyncio.sleep(chance.uniform(0, _LONGEST_PAUSE_SECONDS))


def answered(file: Path) -> int:
    """The number of the last command that was answered; -1 when there is none."""
    if not file.exists():
        return -1
    whole_lines = file.read_text().rpartition("\n")[0].split()
    return int(whole_lines[-1]) if whole_lines else -1


async def _ask(context: Market, place: Place, number: int, chance: Random) -> None:
    command = wish(place.seed, place.name, number)
    key = key_of(place.name, number)
    answers: list[object] = []
    wanted = 2 if chance.random() < _ASKED_TWICE else 1  # some answers get lost
    while len(answers) < wanted:
        try:
            answer = await context.commands.execute(command, RequestContext(None, key, idempotency_key=key))
        except Exception as error:  # noqa: BLE001 -- as a client, which knows nothing of what failed
            print(f"{key}: {type(error).__name__}: {error}")  # noqa: T201 -- into the log
            await asyncio.sleep(_AFTER_AN_ERROR_SECONDS)
            continue
        if isinstance(answer, Success):
            answers.append(answer)
    if any(answer != answers[0] for answer in answers):
        raise AssertionError(f"{key} was answered in two ways: {answers}")


@asynccontextmanager
async def _market(place: Place, control: Control) -> AsyncIterator[Market]:
    chance = Random(f"{place.seed} {place.name} {place.life}")
    async with market(place.url, control, altered=hindering(chance)) as context:
        yield context
