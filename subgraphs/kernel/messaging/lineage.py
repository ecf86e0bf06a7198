"""The epochs of a source: how far two histories are one.

A database that is restored from a backup goes on from there, and gives the numbers that came later to other
messages. So it begins a new epoch, which says after which number. A reader that followed an earlier epoch
goes back to where the two part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

import msgspec


@dataclass(frozen=True, slots=True)
class Epoch:
    """A part of a source's history: it has the messages after a number, up to the next epoch's."""

    id: str
    after_seq: int


Lineage: TypeAlias = tuple[Epoch, ...]
"""The epochs of one history, the first one first."""


def shared_until(one: Lineage, other: Lineage) -> int | None:
    """The number of the last message that two histories share; None when they are the same."""
    for ours, theirs in zip_longest(one, other):
        if ours != theirs:
            return min(epoch.after_seq for epoch in (ours, theirs) if epoch is not None)
    return None


def lineage_of(rows: Iterable[tuple[str, int]]) -> Lineage:
    return tuple(Epoch(id_, after_seq) for id_, after_seq in rows)


def to_json(lineage: Lineage) -> str:
    return msgspec.json.encode(lineage).decode()


def from_json(text: str) -> Lineage:
    return msgspec.json.decode(text, type=Lineage)
