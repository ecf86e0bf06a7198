"""Whatever a handler does, its message dies in sight in the end, and the others are handled."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import Envelope, MessageKeyError
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand, Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import STORE, ApplePicked, Orchard, orchard, store_apple

AT_ONCE = WorkerOptions(retry=RetryPolicy(attempts=3, base=timedelta(0)))


def _recurse() -> None:
    _recurse()


def _raising(error: BaseException) -> Callable[[], None]:
    def do() -> None:
        raise error

    return do


KINDS = {
    "null character": (_raising(ValueError("before\0after")), "ValueError: before�after"),
    "half a character": (_raising(ValueError("\ud800")), "ValueError: �"),
    "a book": (_raising(ValueError("x" * 5_000_000)), f"ValueError: {'x' * 3_984} ..."),
    "exit": (_raising(SystemExit(1)), "QuitError: SystemExit: 1"),
    "cancelled": (
        _raising(asyncio.CancelledError()),
        "QuitError: it waited for something that was cancelled",
    ),
    "memory": (_raising(MemoryError()), "MemoryError: "),
    "recursion": (_recurse, "RecursionError: maximum recursion depth exceeded"),
}


@pytest.mark.usefixtures("quiet")
async def test_a_message_dies_in_sight_and_harms_no_other(planted: str, clock: FakeClock) -> None:
    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        if poison := KINDS.get(message.body.name):
            poison[0]()

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        for name in ("first", *KINDS, "last"):
            await garden.pick(name, tree=name)
        left = await Worker(garden.transactions, options=AT_ONCE).drain()
        assert left == Backlog(0, dead=len(KINDS), blocked=0)
        letters = await DeadLetters(garden.transactions).page()
        assert {letter.key: letter.last_error for letter in letters} == {
            name: said for name, (_, said) in KINDS.items()
        }
        assert {letter.attempts for letter in letters} == {AT_ONCE.retry.attempts}
        assert await garden.stored() == ["first", "last"]


@pytest.mark.usefixtures("quiet")
async def test_an_errand_that_waits_for_what_was_cancelled_has_failed(planted: str, clock: FakeClock) -> None:
    async def act(_: Envelope[ApplePicked]) -> Conclusion:
        waiting = asyncio.create_task(asyncio.Event().wait())
        waiting.cancel()
        await waiting
        raise AssertionError("it never comes")

    async with orchard(planted, clock, Errand("cellar.fetch", ApplePicked, act)) as garden:
        await garden.pick("a")
        assert await Worker(garden.transactions, options=AT_ONCE).drain() == Backlog(0, dead=1, blocked=0)


@pytest.mark.usefixtures("quiet")
async def test_who_cannot_say_under_which_key_a_message_comes_fails_alone(
    planted: str, clock: FakeClock
) -> None:
    keys = {"none": "", "long": "k" * 129}
    strange = Subscription("kitchen.bake", ApplePicked, store_apple, key=lambda apple: keys[apple.name])
    async with orchard(planted, clock, STORE, strange) as garden:
        for name in ("a", *keys):
            assert await garden.pick(name, tree=name) == Success(name)
        assert await Worker(garden.transactions, options=AT_ONCE).drain() == Backlog(0, dead=3, blocked=0)
        letters = await DeadLetters(garden.transactions).page()
        assert [(one.key, one.last_error) for one in letters] == [
            ("a", "KeyError: 'a'"),
            ("none", "MessageKeyError: a key has 1 to 128 characters, and not ''"),
            ("long", f"MessageKeyError: a key has 1 to 128 characters, and not '{'k' * 128}'"),
        ]
        assert await garden.stored() == ["a", "none", "long"]


async def test_nothing_is_published_under_a_key_that_not_every_database_can_keep(garden: Orchard) -> None:
    for key in ("", "k" * 129, "null\0"):
        with pytest.raises(MessageKeyError):
            await garden.pick("a", tree=key)
    assert await garden.picked() == []
