"""Identities and where new ones come from."""

from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Protocol, Self
from uuid import UUID

from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.result import Failure, Result, Success


class IdGenerator(Protocol):
    """Makes identities that nobody else makes."""

    def new(self) -> UUID: ...


class RandomIds:
    """Version 4 UUIDs from the system's randomness, or the same ones every time from a seeded `Random`."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()

    def new(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """The identity of one kind of aggregate; each kind has its own subclass, so that two kinds never mix."""

    value: str

    @classmethod
    def new(cls, ids: IdGenerator) -> Self:
        return cls(str(ids.new()))

    @classmethod
    def parse(cls, text: str, *, field: str = "id") -> Result[Self, DomainError]:
        """Read an identity that came from outside; INVALID_ID unless it is a UUID."""
        try:
            return Success(cls(str(UUID(text))))
        except ValueError:
            return Failure(DomainError("INVALID_ID", "This is not an id", field))

    def __str__(self) -> str:
        return self.value
