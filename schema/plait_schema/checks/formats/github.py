"""Annotations of GitHub Actions, one line each.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator
from typing import Final

from plait_schema.checks.formats.wording import place, printable
from plait_schema.checks.report import Finding, Report
from plait_schema.diagnostics import Severity

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def github_annotations(report: Report) -> str:
    """Errors and warnings; hints would use up the few annotations that GitHub shows for a step."""
    return "".join(
        f"{_annotation(finding)}\n"
        for section in report.sections
        for finding in section.findings
        if finding.severity is not Severity.HINT
    )


def _annotation(finding: Finding) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(finding))
    is_elsewhere = any(at.file is None for at in finding.locations[:1])
    message = f"{place(finding)}: {finding.message}" if is_elsewhere else finding.message
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _properties(finding: Finding) -> Iterator[tuple[str, str]]:
    for at in finding.locations[:1]:
        if at.file is not None:
            yield from (("file", at.file), ("line", str(at.line)), ("col", str(at.column)))
    yield "title", f"{finding.code} {finding.coordinate}" if finding.coordinate else finding.code


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
