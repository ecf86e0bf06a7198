"""What a command has written, for whoever wants to read it afterwards in a read model that follows later."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, Result, Success

INVALID_VERSION: Final = DomainError("INVALID_VERSION", "This is not the version of a mutation", "minVersion")

_MOST_MARKS: Final = 50
_MARK: Final = re.compile(r"([em])-([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Version:
    """The last event that was appended to the context's log, and the last message of each key, by their ids.

    Their places in the logs may be given after the commit. As a text it means nothing to clients.
    """

    events: tuple[str, ...]
    messages: tuple[str, ...]

    @classmethod
    def of(cls, event: str | None, messages: Iterable[tuple[str, str]]) -> Self | None:
        """After an event and messages: pairs of key and id in the order of their publication.

        None after nothing. Of more than some fifty keys, the last ones have to do.
        """
        last = tuple(dict(messages).values())[-_MOST_MARKS + 1 :]
        return cls((event,) if event else (), last) if event or last else None

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """Read what `str` has made. INVALID_VERSION."""
        marks = [match for mark in text.split(".", _MOST_MARKS) if (match := _MARK.fullmatch(mark))]
        version = cls(
            tuple(mark[2] for mark in marks if mark[1] == "e"),
            tuple(mark[2] for mark in marks if mark[1] == "m"),
        )
        return Success(version) if text and str(version) == text else Failure(INVALID_VERSION)

    def __str__(self) -> str:
        return ".".join((*(f"e-{one}" for one in self.events), *(f"m-{one}" for one in self.messages)))


@dataclass(slots=True)
class Receipt:
    """Filled when a command has been carried out: what it has written, if anything."""

    version: Version | None = None
