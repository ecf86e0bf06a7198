"""What a check found, as data: formats show it, exit codes follow from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plait_schema.checks.changes import Criticality
from plait_schema.checks.settings import FailOn
from plait_schema.diagnostics import Location, Severity


class Reason(StrEnum):
    """Why a finding counts less than its code says."""

    UNREACHABLE = "unreachable"
    USAGE = "usage"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Tolerated:
    """What made a finding a hint, in words, and what it was."""

    reason: Reason
    text: str
    was: Severity


@dataclass(frozen=True, slots=True)
class AffectedOperation:
    """An operation that a finding is about; requests by client, none where nobody counted."""

    name: str
    id: str
    location: Location
    clients: Mapping[str, int]

    @property
    def requests(self) -> int:
        return sum(self.clients.values())


@dataclass(frozen=True, slots=True)
class Plans:
    """A plan as text, before and after."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report. The fingerprint stays the same for the same finding, so it can be approved."""

    code: str
    severity: Severity
    message: str
    fingerprint: str
    coordinate: str | None = None
    locations: tuple[Location, ...] = ()
    hint: str | None = None
    criticality: Criticality | None = None  # of changes, as it was judged
    tolerated: Tolerated | None = None
    affected: tuple[AffectedOperation, ...] = ()
    plans: Plans | None = None
    contract: str | None = None

    def fails(self, fail_on: FailOn) -> bool:
        """Whether the check fails because of it."""
        match self.severity:
            case Severity.ERROR:
                return fail_on is not FailOn.NOTHING
            case Severity.WARNING:
                is_dangerous = self.criticality is Criticality.DANGEROUS
                return fail_on is FailOn.WARNING or (fail_on is FailOn.DANGEROUS and is_dangerous)
            case Severity.HINT:
                return False


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


TITLES: Final = {
    "compose": "Compose",
    "changes": "Changes",
    "operations": "Operations",
    "lint": "Lint",
    "contracts": "Contracts",
    "plans": "Plans",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a check. The note says what was looked at, or why nothing was."""

    name: str
    note: str
    findings: tuple[Finding, ...] = ()
    skipped: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.name]

    def outcome(self, fail_on: FailOn) -> Outcome:
        if self.skipped:
            return Outcome.SKIPPED
        failed = any(finding.fails(fail_on) for finding in self.findings)
        return Outcome.FAILED if failed else Outcome.PASSED


@dataclass(frozen=True, slots=True)
class Report:
    """The sections in order, and the supergraph that a check composed."""

    command: str
    subject: str
    sections: tuple[Section, ...]
    fail_on: FailOn
    supergraph_sdl: str | None = None

    @property
    def title(self) -> str:
        return f"plait {self.command}: {self.subject}"

    @property
    def outcome(self) -> Outcome:
        failed = any(section.outcome(self.fail_on) is Outcome.FAILED for section in self.sections)
        return Outcome.FAILED if failed else Outcome.PASSED

    @property
    def counts(self) -> Mapping[Severity, int]:
        found = Counter(finding.severity for section in self.sections for finding in section.findings)
        return {severity: found[severity] for severity in Severity}
