"""What goes to another database and comes back: all of it, once, in the order of its key."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.notes import Deed, Said


async def every_note_is_printed_elsewhere(case: Case) -> Finding:
    """As it was said, whatever became of it on the way."""
    rows = await case.rows(
        "SELECT key, data FROM kernel_outbox WHERE type = :type ORDER BY seq", type=Said.type
    )
    said = _by_topic(
        (row.key, note["number"]) for row in rows if (note := json.loads(row.data))["deed"] == Deed.NOTHING
    )
    printed = await _printed(case)
    return Finding.of(
        "notes printed elsewhere",
        _differences(said, printed, "was printed"),
        said=_size(said),
        printed=_size(printed),
    )


async def what_is_printed_is_heard_of(case: Case) -> Finding:
    """By who said it."""
    printed = await _printed(case)
    heard = _by_topic(
        (row.topic, row.number)
        for row in await case.rows("SELECT topic, number FROM market_heard ORDER BY pos")
    )
    return Finding.of(
        "answers from elsewhere", _differences(printed, heard, "was heard of"), heard=_size(heard)
    )


async def _printed(case: Case) -> Mapping[str, list[int]]:
    rows = await case.gazette_rows("SELECT topic, number FROM gazette_line ORDER BY pos")
    return _by_topic((row.topic, row.number) for row in rows)


def _by_topic(notes: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for topic, number in notes:
        found[topic].append(number)
    return found


def _differences(wanted: Mapping[str, list[int]], found: Mapping[str, list[int]], how: str) -> Iterator[str]:
    for topic in sorted({*wanted, *found}):
        if (expected := wanted.get(topic, [])) != (was := found.get(topic, [])):
            place = next(
                (n for n, (one, other) in enumerate(zip(expected, was, strict=False)) if one != other),
                min(len(expected), len(was)),
            )
            yield f"{topic}: {was[place:][:5]} {how} at {place}, not {expected[place:][:5]}"


def _size(notes: Mapping[str, list[int]]) -> int:
    return sum(map(len, notes.values()))
