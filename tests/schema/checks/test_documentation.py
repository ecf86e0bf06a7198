"""What the documentation of checks shows can be read."""

import json
import re
from pathlib import Path

import yaml

from plait_schema.checks.approvals_file import read_approvals
from plait_schema.checks.operations import read_usage
from plait_schema.sources import read_check_settings

ROOT = Path(__file__).parents[3]
README = (ROOT / "schema" / "plait_schema" / "checks" / "README.md").read_text(encoding="utf-8")
WORKFLOWS = (ROOT / "docs" / "checks-in-ci.md").read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_usage() -> None:
    (record,) = _blocks(README, "json")
    line = json.dumps(json.loads(record))
    document = json.dumps({"format": "plait-usage", "version": 1, "records": [json.loads(record)]})
    for text in (line, document):
        (operation,) = read_usage(text, "usage")
        assert operation.name == "Me"
        (use,) = operation.uses
        assert (str(use.client), use.requests) == ("web 1.4", 1200)
        assert use.coordinates is not None
        assert use.coordinates["User.name"] == 1200


def test_settings(tmp_path: Path) -> None:
    settings, _ = _blocks(README, "yaml")
    file = tmp_path / "plait.yaml"
    file.write_text(settings, encoding="utf-8")
    found = read_check_settings(file)
    assert found.usage.minimum_percentage == 0.5
    assert found.lint.severities["TYPE_SUFFIX"] is None


def test_approvals() -> None:
    _, approvals = _blocks(README, "yaml")
    assert read_approvals(approvals, "approvals.yaml")["f6fefaabb009fbe3"].by == "ana@example.org"


def test_workflows_are_yaml() -> None:
    github, gitlab, registry = (yaml.safe_load(block) for block in _blocks(WORKFLOWS, "yaml"))
    assert "check" in github["jobs"]
    assert gitlab["graph"]["artifacts"]["reports"] == {
        "junit": "check.xml",
        "codequality": "quality.json",
    }
    assert [step["run"].split()[1] for step in registry["steps"]] == ["check", "publish"]
