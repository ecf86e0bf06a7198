"""A report for a terminal. Colors are left out by whoever prints it where they would not be seen."""

from collections.abc import Iterator
from typing import Final

import click

from plait_schema.checks.formats.wording import (
    MARKS,
    OUTCOMES,
    affected,
    grouped,
    one_line,
    place,
    printable,
    summary,
)
from plait_schema.checks.report import Finding, Outcome, Report, Section
from plait_schema.checks.settings import FailOn
from plait_schema.diagnostics import Severity

_COLORS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "green"}
_OUTCOME_COLORS: Final = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.SKIPPED: "bright_black"}


def text(report: Report) -> str:
    """Each section with what was found, worst first, and the outcome in the last lines."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    for section in report.sections:
        yield from _section(section, report.fail_on)
        yield ""
    yield click.style(summary(report), fg=_OUTCOME_COLORS[report.outcome], bold=True)
    for section in report.sections:
        for finding in section.findings:
            if finding.fails(report.fail_on):
                yield f"See `plait explain {finding.code}` for an example and what to do."
                return


def _section(section: Section, fail_on: FailOn) -> Iterator[str]:
    outcome = section.outcome(fail_on)
    mark = click.style(OUTCOMES[outcome], fg=_OUTCOME_COLORS[outcome], bold=True)
    yield f"{mark} {click.style(section.title, bold=True)}  {one_line(section.note)}"
    for title, findings in grouped(section):
        if title:
            yield f"  {click.style(title, underline=True)}"
        for finding in findings:
            yield from (f"  {line}" for line in _finding(finding))


def _finding(finding: Finding) -> Iterator[str]:
    mark = click.style(MARKS[finding.severity], fg=_COLORS[finding.severity])
    code = click.style(finding.code, fg=_COLORS[finding.severity], bold=finding.severity is not Severity.HINT)
    head = " ".join(part for part in (mark, code, one_line(finding.coordinate or ""), place(finding)) if part)
    yield head
    for line in printable(finding.message).split("\n"):
        yield f"    {line}"
    if finding.tolerated is not None:
        yield f"    ({one_line(finding.tolerated.text)} ✓)"
    if finding.affected and finding.severity is not Severity.HINT:
        yield f"    used by: {one_line(affected(finding))}"
    if finding.plans is not None:
        for title, plan in (("before", finding.plans.before), ("after", finding.plans.after)):
            yield f"    {title}:"
            yield from (f"      {line}" for line in printable(plan).splitlines())
    if finding.hint:
        yield f"    fix: {one_line(finding.hint)}"
    if finding.severity is not Severity.HINT:
        yield click.style(f"    fingerprint: {finding.fingerprint}", dim=True)
