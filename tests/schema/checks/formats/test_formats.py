"""Every report in every format: valid against the format's own schema, and golden for one of each kind."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest

from plait_schema.checks import FailOn, Finding, Report, Section
from plait_schema.checks.changes import Criticality
from plait_schema.checks.formats import FORMATS
from plait_schema.checks.report import AffectedOperation, Reason, Tolerated
from plait_schema.diagnostics import CODES, Location, Severity
from tests.schema.checks.check.reports import report_of
from tests.schema.checks.formats.schemas import validate
from tests.schema.golden import read_case

HERE = Path(__file__).parent
CHECKS = HERE.parent / "check" / "cases"
GOLDEN = HERE / "golden"

HOSTILE = "a`b|c<script>&\x00\x1b[31m,:%\n]]>\ud800\u2028\"'"
"""What must not end an attribute, a cell, a property or a line."""


def _hostile_report() -> Report:
    place = Location("users", "a b%/ü,:.graphql", 3, 4)
    operation = AffectedOperation(HOSTILE, "id", place, {HOSTILE: 7})
    tolerated = Tolerated(Reason.APPROVAL, HOSTILE, Severity.ERROR)
    findings = tuple(
        Finding(
            "FIELD_REMOVED",
            severity,
            HOSTILE,
            "0" * 16,
            HOSTILE,
            (place, Location("users", None, 1, 1), Location("", "/absolute.graphql", 1, 1)),
            HOSTILE,
            Criticality.SAFE if severity is Severity.HINT else Criticality.BREAKING,
            tolerated if severity is Severity.HINT else None,
            (operation,),
        )
        for severity in Severity
    )
    return Report("check", HOSTILE, (Section("changes", HOSTILE, findings),), FailOn.BREAKING)


CASES = {path.stem: read_case(path) for path in sorted(CHECKS.iterdir())}


@cache
def _report(name: str) -> Report:
    if name == "hostile":
        return _hostile_report()
    with TemporaryDirectory() as folder:
        return report_of(CASES[name], Path(folder))


@pytest.fixture(params=[*CASES, "hostile"])
def report(request: pytest.FixtureRequest) -> Report:
    """The reports of all golden cases of checks, and one whose texts try to be something else."""
    return _report(request.param)


def test_sarif_is_valid(report: Report) -> None:
    text = FORMATS["sarif"](report)
    validate("sarif", text)
    (run,) = json.loads(text)["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] in CODES
    findings = [finding for section in report.sections for finding in section.findings]
    assert len(run["results"]) == len(findings)


def test_junit_is_valid_and_counts_what_fails(report: Report) -> None:
    text = FORMATS["junit"](report)
    validate("junit", text)
    root = ET.fromstring(text)
    findings = [finding for section in report.sections for finding in section.findings]
    failing = [finding for finding in findings if finding.fails(report.fail_on)]
    assert root.get("failures") == str(len(failing)) == str(len(root.findall(".//failure")))
    assert root.get("tests") == str(len(root.findall(".//testcase")))


def test_json_says_what_it_is(report: Report) -> None:
    text = FORMATS["json"](report)
    validate("json", text)
    document = json.loads(text)
    assert document["outcome"] == report.outcome.value
    assert [section["name"] for section in document["sections"]] == [each.name for each in report.sections]
    for finding in _findings(document):
        assert finding.keys() >= {"severity", "code", "coordinate", "message", "hint", "locations"}


def test_github_annotations_are_one_line_each(report: Report) -> None:
    told = [
        finding
        for section in report.sections
        for finding in section.findings
        if finding.severity is not Severity.HINT
    ]
    lines = FORMATS["github"](report).splitlines()
    if report.subject != HOSTILE:  # splitlines knows more line ends than GitHub does
        assert len(lines) == len(told)
    validate("github", FORMATS["github"](report) if told else "")


def test_gitlab_gets_what_its_documentation_asks_for(report: Report) -> None:
    text = FORMATS["gitlab"](report)
    validate("gitlab", text)
    entries = json.loads(text)
    told = [finding for section in report.sections for finding in section.findings]
    assert len(entries) == sum(finding.severity is not Severity.HINT for finding in told)


def test_markdown_begins_with_a_marker_and_holds_no_html(report: Report) -> None:
    text = FORMATS["markdown"](report)
    validate("markdown", text)
    assert "<script" not in re.sub(r"`[^`\n]*`|\\<script", "", text)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


def test_text_has_no_control_characters(report: Report) -> None:
    validate("text", click.unstyle(FORMATS["text"](report)))


@pytest.mark.parametrize("format_", sorted(FORMATS))
@pytest.mark.parametrize("name", ["usage-thresholds", "plans", "approvals"])
def test_golden(name: str, format_: str, update: bool) -> None:
    text = click.unstyle(FORMATS[format_](_report(name)))
    golden = GOLDEN / f"{name}.{format_}.txt"
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


def _findings(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in document["sections"]:
        yield from section["findings"]
