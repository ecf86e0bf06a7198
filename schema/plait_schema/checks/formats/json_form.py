"""A report for programs: fields are added, and never renamed or removed, within a `schema_version`."""

import json
from typing import Any

from plait_schema.checks.report import AffectedOperation, Finding, Report, Section
from plait_schema.checks.settings import FailOn


def json_text(report: Report) -> str:
    """The report as one JSON object."""
    return json.dumps(report_as_json(report), indent=2, ensure_ascii=False) + "\n"


def report_as_json(report: Report) -> dict[str, Any]:
    """The same as data."""
    return {
        "schema_version": 1,
        "command": report.command,
        "subject": report.subject,
        "outcome": report.outcome.value,
        "fail_on": report.fail_on.value,
        "counts": {severity.value: count for severity, count in report.counts.items()},
        "sections": [_section(section, report.fail_on) for section in report.sections],
    }


def _section(section: Section, fail_on: FailOn) -> dict[str, Any]:
    return {
        "name": section.name,
        "outcome": section.outcome(fail_on).value,
        "note": section.note,
        "findings": [_finding(finding, fail_on) for finding in section.findings],
    }


def _finding(finding: Finding, fail_on: FailOn) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "severity": finding.severity.value,
        "fails": finding.fails(fail_on),
        "code": finding.code,
        "coordinate": finding.coordinate,
        "message": finding.message,
        "hint": finding.hint,
        "fingerprint": finding.fingerprint,
        "locations": [
            {"subgraph": at.subgraph or None, "file": at.file, "line": at.line, "column": at.column}
            for at in finding.locations
        ],
    }
    if finding.criticality is not None:
        entry["criticality"] = finding.criticality.value
    if finding.tolerated is not None:
        tolerated = finding.tolerated
        entry["tolerated"] = {
            "reason": tolerated.reason.value,
            "text": tolerated.text,
            "was": tolerated.was.value,
        }
    if finding.affected:
        entry["operations"] = [_operation(operation) for operation in finding.affected]
    if finding.plans is not None:
        entry["plans"] = {"before": finding.plans.before, "after": finding.plans.after}
    if finding.contract is not None:
        entry["contract"] = finding.contract
    return entry


def _operation(operation: AffectedOperation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "id": operation.id,
        "file": operation.location.file,
        "line": operation.location.line,
        "requests": operation.requests if operation.clients else None,
        "clients": [{"client": client, "requests": count} for client, count in operation.clients.items()],
    }
