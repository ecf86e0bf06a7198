"""Levels: each takes fifty points more than the one before."""

from dataclasses import dataclass
from math import isqrt

_STEP = 25


@dataclass(frozen=True, slots=True)
class Level:
    """A level, and the totals of XP between which a player stays in it."""

    number: int
    starts_at: int
    next_at: int


def level_for(total_xp: int) -> Level:
    """The highest level that `total_xp` (not negative) reaches.

    Level n starts at 25 n (n - 1) points: 0, 50, 150, 300, 500, ...
    """
    # n is the root of 25 n (n - 1) = xp, in whole numbers: a float would misjudge large totals.
    number = (_STEP + isqrt(_STEP * _STEP + 4 * _STEP * total_xp)) // (2 * _STEP)
    return Level(number, starts_at=_start(number), next_at=_start(number + 1))


def _start(number: int) -> int:
    return _STEP * number * (number - 1)
