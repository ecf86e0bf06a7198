"""Golden cases of checks: what is proposed, what clients send, and the whole report."""

from pathlib import Path

import pytest

from tests.schema.checks.check.reports import report_of, report_text
from tests.schema.golden import Case, cases, check


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_report(case: Case, update: bool, tmp_path: Path) -> None:
    check(case, {"report": report_text(report_of(case, tmp_path))}, update=update)
