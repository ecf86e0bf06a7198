"""A change of one schema element, and how much of it clients can notice."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plait_schema.diagnostics import FIELD_TYPE_NARROWED_BESIDE_OTHERS, Code, Severity


class Criticality(StrEnum):
    """Whether clients break: they do; they may, though their operations stay valid; they do not."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    SAFE = "safe"


_OF_SEVERITY: Final = {
    Severity.ERROR: Criticality.BREAKING,
    Severity.WARNING: Criticality.DANGEROUS,
    Severity.HINT: Criticality.SAFE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What is different at a schema coordinate.

    `touches` are the mentions (see `operations.mentions`) by which an operation is affected: one is enough.
    `unreachable` says that no operation can have any of them, which makes every change safe.
    """

    code: Code
    coordinate: str
    message: str
    before: str | None = None
    after: str | None = None
    touches: tuple[str, ...] = ()
    unreachable: bool = False

    @property
    def criticality(self) -> Criticality:
        return Criticality.SAFE if self.unreachable else _OF_SEVERITY[self.code.severity]

    @property
    def may_invalidate(self) -> bool:
        """Whether an operation that it touches may be one that does not validate any more."""
        is_breaking = self.criticality is Criticality.BREAKING
        return is_breaking or self.code is FIELD_TYPE_NARROWED_BESIDE_OTHERS

    @property
    def fingerprint(self) -> str:
        """The same for the same change whatever else changes, and however it is worded."""
        return fingerprint(self.code.name, self.coordinate, self.before, self.after)


def fingerprint(*parts: str | None) -> str:
    """Sixteen hexadecimal digits that stand for the parts."""
    text = "\0".join("" if part is None else f"={part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
