"""GitLab's code quality report: findings in the merge request, at the lines that they are about.

https://docs.gitlab.com/ci/testing/code_quality/
"""

import json
from typing import Any, Final

from plait_schema.checks.formats.wording import printable
from plait_schema.checks.report import Finding, Report
from plait_schema.diagnostics import Location, Severity

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor"}
_NOWHERE: Final = Location("supergraph", None, 1, 1)


def gitlab_code_quality(report: Report) -> str:
    """Errors and warnings; hints are no loss of quality.

    GitLab takes what was in the target branch, too, for known by its fingerprint.
    """
    findings = [finding for section in report.sections for finding in section.findings]
    told = [_entry(finding) for finding in findings if finding.severity is not Severity.HINT]
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding) -> dict[str, Any]:
    places = (*finding.locations, _NOWHERE)
    at = next((place for place in places if place.file is not None), places[0])
    path = at.file or f"{at.subgraph}.graphql"  # GitLab drops what has no path
    about = f"{finding.coordinate}: " if finding.coordinate else ""
    return {
        "description": printable(f"{about}{finding.message}"),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": printable(path).removeprefix("./"), "lines": {"begin": at.line}},
    }
