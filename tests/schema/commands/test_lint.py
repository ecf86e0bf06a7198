"""`plait lint` as a user runs it."""

from pathlib import Path

import pytest

from tests.schema.commands.conftest import Plait


@pytest.fixture
def files(tmp_path: Path, plait: Plait) -> Path:
    (tmp_path / "good.graphql").write_text("type Query { a: Int }")
    (tmp_path / "bad.graphql").write_text("type Query {\n  first_name: Int\n}")
    return tmp_path


def test_findings_have_places(files: Path, plait: Plait) -> None:
    ran = plait("lint", "good.graphql", "bad.graphql")
    assert (ran.exit_code, ran.err) == (0, "")
    assert "⚠ FIELD_NAMES_SHOULD_BE_CAMEL_CASE Query.first_name bad.graphql:2:3" in ran.out
    assert "Passed: 1 warning." in ran.out


def test_warnings_fail_on_demand(files: Path, plait: Plait) -> None:
    assert plait("lint", "bad.graphql", "--fail-on", "warning").exit_code == 1
    assert plait("lint", "good.graphql", "--fail-on", "warning").exit_code == 0


@pytest.mark.parametrize(
    ("severity", "exit_code", "shown"), [("error", 1, True), ("warning", 0, True), ("off", 0, False)]
)
def test_severities(files: Path, plait: Plait, severity: str, exit_code: int, shown: bool) -> None:
    (files / "plait.yaml").write_text(f"lint:\n  rules:\n    FIELD_NAMES_SHOULD_BE_CAMEL_CASE: {severity}\n")
    ran = plait("lint", "bad.graphql")
    assert (ran.exit_code, "first_name" in ran.out) == (exit_code, shown)


def test_the_subgraphs_of_a_configuration(files: Path, plait: Plait) -> None:
    (files / "supergraph.yaml").write_text(
        "subgraphs:\n  a: { routing_url: http://a, schema: { file: good.graphql } }\n"
        "  b: { routing_url: http://b, schema: { file: bad.graphql } }\n"
    )
    ran = plait("lint", "supergraph.yaml")
    assert ran.exit_code == 0
    assert "2 schemas." in ran.out
    assert "Query.first_name" in ran.out


def test_what_does_not_parse_is_an_error(files: Path, plait: Plait) -> None:
    (files / "bad.graphql").write_text("type Query {\n  a: }")
    ran = plait("lint", "bad.graphql")
    assert ran.exit_code == 1
    assert "✖ DOES_NOT_PARSE bad.graphql:2:6" in ran.out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("lint: { rules: { NO_RULE: off } }", "plait.yaml:1: there is no lint rule NO_RULE."),
        (
            "lint: { rules: { TYPE_SUFFIX: fatal } }",
            "plait.yaml:1: a rule is error, warning or off, and not fatal.",
        ),
        ("lint: { rule: {} }", 'plait.yaml:1: lint has rules, approved_tags, but no "rule".'),
        ("lint: 7", "plait.yaml:1: lint must be a mapping of keys to values."),
        ("checks: { fail_on: never }", "plait.yaml:1: fail_on must be one of breaking, dangerous, warning."),
        ("checks: { usage_window: 7 days }", "plait.yaml:1: usage_window must be a span as 7d, 12h or 4w."),
        (
            "checks: { minimum_requests: few }",
            "plait.yaml:1: minimum_requests must be a number, zero or more.",
        ),
        ("checks: { minimum_requests: 1.5 }", "plait.yaml:1: minimum_requests must be a whole number."),
        ("checks: { maximum_cost: 0.5 }", "plait.yaml:1: maximum_cost must be a whole number."),
        ("checks: { minimum_percentage: 101 }", "plait.yaml:1: minimum_percentage is 100 at most."),
    ],
)
def test_bad_settings(files: Path, plait: Plait, settings: str, message: str) -> None:
    (files / "plait.yaml").write_text(settings)
    ran = plait("lint", "good.graphql")
    assert (ran.exit_code, ran.out) == (3, "")
    assert message in ran.err


def test_bad_usage(plait: Plait) -> None:
    assert plait("lint").exit_code == 3
    ran = plait("lint", "nowhere.graphql")
    assert (ran.exit_code, ran.out) == (3, "")
    assert "nowhere.graphql cannot be read: No such file or directory." in ran.err
