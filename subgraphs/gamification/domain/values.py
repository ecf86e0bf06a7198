"""Identities and amounts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from subgraphs.kernel.domain import DomainError, Failure, Identifier, Result, Success, ValueObject

_LARGEST_AWARD = 10_000
_LONGEST_SOURCE = 36


class PlayerId(Identifier):
    """A player is a user of identity, known here by the id alone."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class XpAmount(ValueObject):
    """Experience earned at once: some, and not absurdly much."""

    points: int

    @classmethod
    def of(cls, points: int) -> Result[Self, DomainError]:
        """INVALID_XP_AMOUNT outside 1 to 10 000."""
        if not 1 <= points <= _LARGEST_AWARD:
            return Failure(
                DomainError("INVALID_XP_AMOUNT", f"An award is 1 to {_LARGEST_AWARD} XP", "amount")
            )
        return Success(cls(points))


class SourceType(StrEnum):
    """The kinds of things that XP is given for."""

    EXERCISE = "EXERCISE"
    LESSON = "LESSON"
    QUEST = "QUEST"
    AWARD = "AWARD"


@dataclass(frozen=True, slots=True)
class Source(ValueObject):
    """What XP was given for. Each id is worth XP once per player, whoever says of what type it is."""

    type: SourceType
    id: str

    @classmethod
    def of(cls, type_: SourceType, id_: str) -> Result[Self, DomainError]:
        """INVALID_SOURCE unless the id has 1 to 36 characters."""
        if not 1 <= len(id_) <= _LONGEST_SOURCE:
            message = f"A source is known by 1 to {_LONGEST_SOURCE} characters"
            return Failure(DomainError("INVALID_SOURCE", message, "sourceId"))
        return Success(cls(type_, id_))
