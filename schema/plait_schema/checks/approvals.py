"""Findings that somebody has looked at and accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Approval:
    """Of one fingerprint: by whom, why, and until which day; without a day, for good."""

    fingerprint: str
    by: str
    reason: str
    until: date | None = None

    def holds(self, today: date) -> bool:
        return self.until is None or today <= self.until


Approvals: TypeAlias = Mapping[str, Approval]  # by fingerprint
