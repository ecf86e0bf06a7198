"""What several formats say alike."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from plait_schema.checks.changes import Criticality
from plait_schema.checks.judging import counted
from plait_schema.checks.report import AffectedOperation, Finding, Outcome, Report, Section
from plait_schema.checks.settings import FailOn
from plait_schema.diagnostics import Severity

MARKS: Final = {Severity.ERROR: "✖", Severity.WARNING: "⚠", Severity.HINT: "✔"}
OUTCOMES: Final = {Outcome.PASSED: "✔", Outcome.FAILED: "✖", Outcome.SKIPPED: "–"}

_GROUPS: Final = {
    Criticality.BREAKING: "Breaking",
    Criticality.DANGEROUS: "Dangerous",
    Criticality.SAFE: "Safe",
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOST_OPERATIONS: Final = 5


def grouped(section: Section) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Changes by criticality, and everything else in one group without a name."""
    for criticality, title in _GROUPS.items():
        if found := tuple(each for each in section.findings if each.criticality is criticality):
            yield title, found
    ranks = list(Severity)
    others = [each for each in section.findings if each.criticality is None]
    if others:
        yield "", tuple(sorted(others, key=lambda each: ranks.index(each.severity)))


def place(finding: Finding) -> str:
    """`file:line:column`, or nothing."""
    for at in finding.locations:
        return f"{at.file or at.subgraph}:{at.line}:{at.column}"
    return ""


def affected(finding: Finding) -> str:
    """Who is affected, the most used operations first."""
    operations = sorted(finding.affected, key=lambda each: (-each.requests, each.name))
    shown = [_affected(operation) for operation in operations[:_MOST_OPERATIONS]]
    if len(operations) > len(shown):
        shown.append(f"and {len(operations) - len(shown)} more")
    return ", ".join(shown)


def summary(report: Report) -> str:
    """`Failed: 1 error, 2 warnings.` Where nothing can fail, what there is: `Found: 1 breaking, 2 safe.`"""
    if report.fail_on is FailOn.NOTHING:
        found = Counter(each.criticality for section in report.sections for each in section.findings)
        listed = [f"{found[each]:,} {each}" for each in Criticality if found[each]]
        return f"Found: {', '.join(listed) or 'no changes'}."
    counts = report.counts
    parts = [
        counted(counts[severity], str(severity))
        for severity in (Severity.ERROR, Severity.WARNING)
        if counts[severity]
    ]
    return f"{report.outcome.value.capitalize()}: {', '.join(parts) or 'nothing found'}."


def one_line(text: str) -> str:
    """Printable, and without line breaks."""
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Without characters that a terminal or an XML parser takes for something else."""
    return _CONTROL.sub("\ufffd", text)


def _affected(operation: AffectedOperation) -> str:
    if not operation.clients:
        return operation.name
    clients = ", ".join(operation.clients)
    return f"{operation.name} ({counted(operation.requests, 'request')}: {clients})"
