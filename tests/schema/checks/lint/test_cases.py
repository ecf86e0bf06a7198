"""Golden cases of lint: one per rule, called as its code."""

from pathlib import Path

import pytest

from plait_schema.checks.lint import RULES, lint
from plait_schema.checks.settings import LintSettings
from plait_schema.diagnostics import CODES, DOES_NOT_PARSE, Topic
from plait_schema.sources import read_check_settings
from tests.schema.golden import Case, cases, check, diagnostics_text

FOLDER = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", cases(FOLDER))
def test_findings(case: Case, update: bool, tmp_path: Path) -> None:
    (source,) = case.subgraphs
    findings = lint(source, _settings(case, tmp_path))
    check(case, {"findings": diagnostics_text(findings)}, update=update)
    assert case.path.stem in {finding.code for finding in findings}


def test_every_rule_has_a_case() -> None:
    rules = {rule.__name__.upper() for rule in RULES} | {DOES_NOT_PARSE.name}
    assert {path.stem for path in FOLDER.iterdir()} == rules


def test_every_lint_code_has_a_rule() -> None:
    """What can be pruned needs more than one schema, and is found by checks."""
    pruning = {"REQUIRE_DEPRECATION_BEFORE_DELETION", "UNUSED_FIELDS", "DEPRECATED_FIELDS"}
    codes = {code.name for code in CODES.values() if code.topic is Topic.LINT}
    assert codes == {path.stem for path in FOLDER.iterdir()} | pruning


def _settings(case: Case, folder: Path) -> LintSettings:
    for block in case.blocks:
        if block.attributes.get("settings"):
            file = folder / "plait.yaml"
            file.write_text(block.text, encoding="utf-8")
            return read_check_settings(file).lint
    return LintSettings()
