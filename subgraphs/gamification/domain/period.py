"""The periods that leaderboards are kept for."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never


class LeaderboardType(StrEnum):
    """How far back a leaderboard looks."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    ALL_TIME = "ALL_TIME"


@dataclass(frozen=True, slots=True)
class Period:
    """One leaderboard's span, named by its first day: an ISO week, a calendar month, or all of time (UTC)."""

    type: LeaderboardType
    starts_on: date

    @classmethod
    def containing(cls, day: date, leaderboard: LeaderboardType) -> "Period":
        """The period of this type that `day` belongs to."""
        match leaderboard:
            case LeaderboardType.WEEKLY:
                return cls(leaderboard, day - timedelta(days=day.weekday()))
            case LeaderboardType.MONTHLY:
                return cls(leaderboard, day.replace(day=1))
            case LeaderboardType.ALL_TIME:
                return cls(leaderboard, date.min)
            case _:
                assert_never(leaderboard)


def periods_of(day: date) -> tuple[Period, ...]:
    """Every leaderboard that something earned on `day` counts for."""
    return tuple(Period.containing(day, leaderboard) for leaderboard in LeaderboardType)
