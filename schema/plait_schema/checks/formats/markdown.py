"""A report as a comment on a pull request, or the summary of a job.

It begins with a hidden marker, by which the comment is found again and updated in place.
"""

import re
from collections.abc import Iterator
from typing import Final

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
from plait_schema.checks.report import Finding, Report, Section
from plait_schema.diagnostics import Severity

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#])")
_MENTION: Final = re.compile(r"(?<![\w`])@\w+")  # a directive, which GitHub takes for somebody's name
_LONGEST: Final = 60_000  # characters; GitHub takes 65,536 in a comment


def markdown(report: Report) -> str:
    """The outcome of each section in a table, then what was found; safe changes are folded."""
    lines = [
        marker(report),
        f"## {OUTCOMES[report.outcome]} {_escaped(report.title)}",
        "",
        summary(report),
        "",
        "| | Section | |",
        "| --- | --- | --- |",
        *(
            f"| {OUTCOMES[section.outcome(report.fail_on)]} | {section.title} | {_escaped(section.note)} |"
            for section in report.sections
        ),
    ]
    for section in report.sections:
        lines += _section(section)
    text = "\n".join(lines) + "\n"
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(chr(10))[0]}\n\nThere is more, which is left out here.\n"


def marker(report: Report) -> str:
    """A comment that nobody sees, the same for the same command and subject."""
    return f"<!-- {re.sub(r'[^A-Za-z0-9_.:@/ ]+', '-', report.title)} -->"


def _section(section: Section) -> Iterator[str]:
    if not section.findings:
        return
    yield from ("", f"### {section.title}")
    for title, findings in grouped(section):
        told = [finding for finding in findings if finding.severity is not Severity.HINT]
        folded = [finding for finding in findings if finding.severity is Severity.HINT]
        if told:
            yield ""
            if title:
                yield from (f"**{title}**", "")
            for finding in told:
                yield from _finding(finding)
        if folded:
            yield from ("", f"<details><summary>{title or 'Hints'} ({len(folded)})</summary>", "")
            for finding in folded:
                yield from _finding(finding)
            yield from ("", "</details>")


def _finding(finding: Finding) -> Iterator[str]:
    coordinate = f" {_code(finding.coordinate)}" if finding.coordinate else ""
    where = f" ({_code(place(finding))})" if finding.locations else ""
    tolerated = f" _{_escaped(finding.tolerated.text)}_ ✓" if finding.tolerated else ""
    head = f"- {MARKS[finding.severity]} **{finding.code}**{coordinate}{where}"
    yield f"{head}: {_escaped(finding.message)}{tolerated}"
    if finding.severity is Severity.HINT:
        return
    if finding.affected:
        yield f"  - Used by {_escaped(affected(finding))}"
    if finding.hint:
        yield f"  - {_escaped(finding.hint)}"
    yield f"  - Fingerprint {_code(finding.fingerprint)}"
    if finding.plans is not None:
        yield from ("", "  <details><summary>Plans before and after</summary>", "")
        for plan in (finding.plans.before, finding.plans.after):
            yield from ("  ```", *(f"  {line}" for line in printable(plan).splitlines()), "  ```", "")
        yield from ("  </details>", "")


def _escaped(text: str) -> str:
    return _MENTION.sub(r"`\g<0>`", _SPECIAL.sub(r"\\\1", one_line(text)))


def _code(text: str | None) -> str:
    return f"`{one_line(text or '').replace('`', '')}`"
