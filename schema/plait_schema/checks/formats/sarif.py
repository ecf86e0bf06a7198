"""SARIF 2.1.0, which code scanning and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from plait_schema.checks.formats.wording import printable
from plait_schema.checks.report import Finding, Reason, Report
from plait_schema.diagnostics import CODES, Location, Severity

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def sarif_text(report: Report) -> str:
    """One run; what is tolerated is a suppressed result, or a note where it was never more."""
    findings = [finding for section in report.sections for finding in section.findings]
    codes = sorted({finding.code for finding in findings})
    driver = {
        "name": "plait",
        "version": version("plait"),
        "semanticVersion": version("plait"),
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str) -> dict[str, Any]:
    code = CODES[name]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("_")),
        "shortDescription": {"text": code.meaning},
        "help": {"text": f"`plait explain {name}` shows an example and what to do."},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.topic.value]},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    was = finding.tolerated.was if finding.tolerated is not None else finding.severity
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[was if _is_approved(finding) else finding.severity],
        "message": {"text": printable(finding.message)},
        "partialFingerprints": {"plait/v1": finding.fingerprint},
    }
    in_files_first = sorted(finding.locations, key=lambda at: at.file is None)
    places = [_location(at, finding.coordinate) for at in in_files_first]
    if places:
        result["locations"] = places[:1]
        if others := [dict(place, id=number) for number, place in enumerate(places[1:], start=1)]:
            result["relatedLocations"] = others
    if finding.tolerated is not None and _is_approved(finding):
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(finding.tolerated.text)}
        ]
    return result


def _location(at: Location, coordinate: str | None) -> dict[str, Any]:
    place: dict[str, Any]
    if at.file is None:  # of a schema that is in no file, as from standard input
        place = {"message": {"text": printable(f"{at.subgraph}:{at.line}:{at.column}")}}
    else:
        region = {"startLine": at.line, "startColumn": at.column}
        place = {"physicalLocation": {"artifactLocation": {"uri": _uri(at.file)}, "region": region}}
    if coordinate is not None:
        place["logicalLocations"] = [{"fullyQualifiedName": printable(coordinate), "kind": "member"}]
    return place


def _uri(file: str) -> str:
    path = quote(file.replace("\\", "/"), safe="/-._~!$&'()*+,;=:@")
    return f"file://{path}" if path.startswith("/") else path


def _is_approved(finding: Finding) -> bool:
    return finding.tolerated is not None and finding.tolerated.reason is Reason.APPROVAL
