"""Which executions begin at once, in which order the others do, and what they wait for."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from plait_gateway.pipeline.admission import Admission, Waiting

LARGE = 100_000


class Clock:
    """By which a turn of the event loop takes no time, or a second."""

    def __init__(self) -> None:
        self.is_busy = True
        self.time = 0.0
        self.looks = 0

    def now(self) -> float:
        self.looks += 1
        self.time += self.is_busy
        return self.time


class Crowd:
    """Large executions, as many as begin at once, and three that wait."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.admission = Admission(now=self.clock.now)
        self.begun: list[int] = []
        self.under_way = 0
        while (first := self.ask(self.under_way)) is None:
            self.under_way += 1
        self.waiting = [first, *(self.ask(self.under_way + more) for more in (1, 2))]

    def ask(self, number: int, expected: int = LARGE) -> Waiting | None:
        return self.admission.begin(expected, partial(self.begun.append, number))

    async def has_begun(self, numbers: list[int]) -> None:
        await until(lambda: len(self.begun) >= len(numbers))
        assert self.begun == numbers

    async def after_looks(self, number: int) -> None:
        before = self.clock.looks
        await until(lambda: self.clock.looks >= before + 2 * number)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while True:
            if condition():
                return
            await asyncio.sleep(0)


async def test_what_is_small_or_alone_begins_at_once() -> None:
    crowd = Crowd()
    assert crowd.under_way == 2
    assert crowd.ask(99, 1000) is None
    assert Admission().begin(100 * LARGE, lambda: None) is None


async def test_while_the_processor_is_busy_one_begins_when_another_has_ended() -> None:
    crowd = Crowd()
    for begun in ([0, 1], [0, 1, 2], [0, 1, 2, 3]):
        await crowd.after_looks(5)
        await crowd.has_begun(begun)
        crowd.admission.end(LARGE)


async def test_where_the_processor_has_nothing_to_do_more_begin_though_none_has_ended() -> None:
    crowd = Crowd()
    crowd.clock.is_busy = False
    await crowd.has_begun([0, 1, 2, 3, 4])


async def test_once_it_is_busy_again_no_more_begin_than_before() -> None:
    crowd = Crowd()
    crowd.clock.is_busy = False
    await crowd.has_begun([0, 1, 2, 3, 4])
    crowd.clock.is_busy = True
    for _ in range(5):
        crowd.admission.end(LARGE)

    def begin_at_once() -> int:
        """How many do."""
        number = 0
        while (waiting := crowd.ask(99)) is None:
            number += 1
        waiting.leave()
        for _ in range(number):
            crowd.admission.end(LARGE)
        return number

    assert begin_at_once() > 2
    await until(lambda: begin_at_once() == 2)


async def test_however_busy_the_processor_is_nobody_waits_for_those_that_do_not_end() -> None:
    crowd = Crowd()
    await crowd.has_begun([0, 1, 2, 3, 4])
    assert crowd.clock.looks > 2 * 5


async def test_who_leaves_while_waiting_takes_no_turn_and_holds_up_nobody() -> None:
    crowd = Crowd()
    first, second, third = crowd.waiting
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.leave()
    assert second.leave()
    crowd.admission.end(LARGE)
    await crowd.has_begun([0, 1, 4])
    assert not third.leave()


async def test_a_coroutine_that_is_cancelled_leaves_its_place_to_others() -> None:
    crowd = Crowd()
    early, late, last = (asyncio.create_task(crowd.admission.enter(LARGE)) for _ in range(3))
    await asyncio.sleep(0)
    early.cancel()
    for _ in range(3):
        crowd.admission.end(LARGE)
        await asyncio.sleep(0)
    await crowd.has_begun([0, 1, 2, 3, 4])
    crowd.admission.end(LARGE)
    asyncio.get_running_loop().call_soon(late.cancel)  # its turn has come, and it does not know yet
    async with asyncio.timeout(120):
        with pytest.raises(asyncio.CancelledError):
            await late
        crowd.admission.end(LARGE)
        await last
    assert early.cancelled()
    crowd.admission.end(LARGE)
    assert [crowd.ask(number) is None for number in range(3)] == [True, True, False]
