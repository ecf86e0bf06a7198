"""Which executions begin at once, and in which order the others do."""

import asyncio

import pytest

from plait_gateway.pipeline.admission import Admission

LARGE = 100_000


@pytest.fixture
def crowded() -> Admission:
    admission = Admission()
    while not admission.is_to_wait(LARGE):
        admission.begin(LARGE)
    return admission


def test_what_is_small_or_alone_begins_at_once(crowded: Admission) -> None:
    assert not crowded.is_to_wait(1000)
    for _ in range(2):
        crowded.end(LARGE)
    assert not crowded.is_to_wait(LARGE)
    assert not Admission().is_to_wait(LARGE)


async def test_one_begins_at_each_turn_of_the_event_loop_though_none_ends(crowded: Admission) -> None:
    begun: list[tuple[int, int]] = []
    turns = 0

    async def execute(number: int) -> None:
        await crowded.turn()
        begun.append((number, turns))

    tasks = [asyncio.create_task(execute(number)) for number in range(4)]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        turns += 1
    assert [number for number, _ in begun] == [0, 1, 2, 3]
    assert len({turn for _, turn in begun}) == 4


async def test_who_leaves_while_waiting_takes_no_turn(crowded: Admission) -> None:
    waiting = [crowded.turn() for _ in range(3)]
    waiting[0].cancel()
    waiting[1].cancel()
    async with asyncio.timeout(30):
        await waiting[2]
    assert [task.cancelled() for task in waiting] == [True, True, False]
