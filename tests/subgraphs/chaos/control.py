"""What all processes of a run share: how late it is, whether it is over, what went wrong.

It is a file that each maps. Time goes faster than outside, so that timeouts of minutes run out within a run.
Each process can be given a clock that is wrong.
"""

import mmap
import struct
from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from time import monotonic
from typing import Final

from tests.subgraphs.chaos.mishaps import Mishap

SPEED: Final = 30
"""Seconds on the clock in a second."""

_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_NUMBER: Final = struct.Struct("d")
_STARTED, _OFFSET, _PHASE, _CROWDED, _FULL, _FIRST_SLOT = range(6)
_SLOTS: Final = 64
_FIRST_COUNT: Final = _FIRST_SLOT + _SLOTS
_MISHAPS: Final = tuple(Mishap)


class Phase(IntEnum):
    """What the processes are to do: all they can, nothing new, end."""

    RUNNING = 0
    DRAINING = 1
    ENDING = 2


class Control:
    """A clock, seen from the process of a slot. `create` makes the file."""

    def __init__(self, file: Path, slot: int = 0) -> None:
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 0)
        self._slot = slot

    @classmethod
    def create(cls, file: Path) -> "Control":
        file.write_bytes(bytes(_NUMBER.size * (_FIRST_COUNT + _SLOTS * len(_MISHAPS))))
        control = cls(file)
        control._set(_STARTED, monotonic())
        return control

    def now(self) -> datetime:
        real = monotonic() - self._get(_STARTED)
        wrong = self._get(_FIRST_SLOT + self._slot)
        return _EPOCH + timedelta(seconds=real * SPEED + self._get(_OFFSET) + wrong)

    def advance(self, by: timedelta) -> None:
        """Let time pass for everybody."""
        self._set(_OFFSET, self._get(_OFFSET) + by.total_seconds())

    def put_wrong(self, slot: int, by: timedelta) -> None:
        """Have one process's clock go wrong by so much; by nothing, and it is right again."""
        self._set(_FIRST_SLOT + slot, by.total_seconds())

    @property
    def is_crowded(self) -> bool:
        """Whether so much waits that nobody should ask for more: a slow machine would never come to rest."""
        return bool(self._get(_CROWDED))

    @is_crowded.setter
    def is_crowded(self, is_crowded: bool) -> None:
        self._set(_CROWDED, is_crowded)

    @property
    def disk_is_full(self) -> bool:
        return bool(self._get(_FULL))

    @disk_is_full.setter
    def disk_is_full(self, is_full: bool) -> None:
        self._set(_FULL, is_full)

    def note(self, mishap: Mishap) -> None:
        """Count it. Each process has counters of its own, so that none can spoil another's."""
        place = self._count_of(self._slot, mishap)
        self._set(place, self._get(place) + 1)

    def mishaps(self) -> Counter[str]:
        """How often what went wrong, in all processes."""
        return Counter(
            {
                one.value: int(sum(self._get(self._count_of(slot, one)) for slot in range(_SLOTS)))
                for one in _MISHAPS
            }
        )

    @property
    def phase(self) -> Phase:
        return Phase(int(self._get(_PHASE)))

    @phase.setter
    def phase(self, phase: Phase) -> None:
        self._set(_PHASE, phase)

    @staticmethod
    def _count_of(slot: int, mishap: Mishap) -> int:
        return _FIRST_COUNT + slot * len(_MISHAPS) + _MISHAPS.index(mishap)

    def _get(self, place: int) -> float:
        number: float = _NUMBER.unpack_from(self._shared, place * _NUMBER.size)[0]
        return number

    def _set(self, place: int, number: float) -> None:
        _NUMBER.pack_into(self._shared, place * _NUMBER.size, number)
