"""Every code has a golden case that shows it."""

from pathlib import Path

import pytest

from plait_schema.diagnostics import CODES

_CASES = sorted(Path(__file__).parent.glob("**/cases/**/*.md"))


@pytest.mark.parametrize("code", sorted(CODES))
def test_has_a_golden_case(code: str) -> None:
    severity = CODES[code].severity
    shown = [path for path in _CASES if f"\n{severity} {code}" in path.read_text(encoding="utf-8")]
    assert shown, f"no case under tests/schema shows {code}"
