"""How strict checks are. What is None, or empty, is not said, and may be said elsewhere."""

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

    def over(self, other: "LintSettings") -> "LintSettings":
        """These, and what `other` says beyond them."""
        return LintSettings(
            {**other.severities, **self.severities},
            other.approved_tags if self.approved_tags is None else self.approved_tags,
        )


@dataclass(frozen=True, slots=True)
class UsageSettings:
    """Which usage counts.

    A change that operations use breaks clients if these have at least `minimum_requests` requests (1 where
    it is not said), and `minimum_percentage` percent of all. A client is excluded by its name, or by
    `name@version`; both may have `*`. `included_variants` are others of a registry, `graph@variant`, whose
    operations count, too.
    """

    window: timedelta | None = None
    minimum_requests: int | None = None
    minimum_percentage: float | None = None
    excluded_clients: tuple[str, ...] = ()
    included_variants: tuple[str, ...] = ()

    def over(self, other: "UsageSettings") -> "UsageSettings":
        """These, and what `other` says beyond them; lists add up."""
        return UsageSettings(
            other.window if self.window is None else self.window,
            other.minimum_requests if self.minimum_requests is None else self.minimum_requests,
            other.minimum_percentage if self.minimum_percentage is None else self.minimum_percentage,
            tuple(dict.fromkeys((*other.excluded_clients, *self.excluded_clients))),
            tuple(dict.fromkeys((*other.included_variants, *self.included_variants))),
        )


@dataclass(frozen=True, slots=True)
class CostSettings:
    """What gateways allow an operation to cost, and how long they take a list for that has no `@listSize`."""

    maximum: int | None = None
    list_size: int | None = None

    def over(self, other: "CostSettings") -> "CostSettings":
        """These, and what `other` says beyond them."""
        return CostSettings(
            other.maximum if self.maximum is None else self.maximum,
            other.list_size if self.list_size is None else self.list_size,
        )


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """All of it; breaking changes fail where `fail_on` is not said."""

    fail_on: FailOn | None = None
    lint: LintSettings = field(default_factory=LintSettings)
    usage: UsageSettings = field(default_factory=UsageSettings)
    costs: CostSettings = field(default_factory=CostSettings)

    def over(self, other: "CheckSettings") -> "CheckSettings":
        """These, and what `other` says beyond them."""
        return CheckSettings(
            self.fail_on or other.fail_on,
            self.lint.over(other.lint),
            self.usage.over(other.usage),
            self.costs.over(other.costs),
        )
