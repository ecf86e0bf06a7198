"""How strict checks are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from plait_schema.diagnostics import Severity


class FailOn(StrEnum):
    """The least that fails: breaking changes and errors; dangerous changes, too; or any warning.

    Where changes are only listed, nothing does.
    """

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    WARNING = "warning"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Severities of rules that differ from the default, None where a rule is off; and approved tags."""

    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    approved_tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class UsageSettings:
    """Which usage counts.

    A change that operations use breaks clients if these have at least `minimum_requests` requests, and
    `minimum_percentage` percent of all. A client is excluded by its name, or by `name@version`; both may
    have `*`.
    """

    window: timedelta | None = None
    minimum_requests: int = 1
    minimum_percentage: float = 0.0
    excluded_clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """All of it."""

    fail_on: FailOn = FailOn.BREAKING
    lint: LintSettings = field(default_factory=LintSettings)
    usage: UsageSettings = field(default_factory=UsageSettings)
