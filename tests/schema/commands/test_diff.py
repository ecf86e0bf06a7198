"""`plait diff` as a user runs it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.schema.commands.conftest import Plait

BEFORE = "type Query { a: Int b: Int }"
AFTER = "type Query { a: Int! c: Int }"
FEDERATED = 'type Query { a: User }\ntype User @key(fields: "id") { id: ID! name: String }'


@pytest.fixture
def files(tmp_path: Path, plait: Plait) -> Path:
    (tmp_path / "before.graphql").write_text(BEFORE)
    (tmp_path / "after.graphql").write_text(AFTER)
    return tmp_path


def test_changes_are_listed_and_fail_nothing(files: Path, plait: Plait) -> None:
    ran = plait("diff", "before.graphql", "after.graphql")
    assert (ran.exit_code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "✔ Changes  3 changes.",
        "  Breaking",
        "  ✖ FIELD_REMOVED Query.b",
        "      The field Query.b was removed.",
        f"      fingerprint: {_fingerprint(plait)}",
        "  Safe",
        "  ✔ FIELD_TYPE_NARROWED Query.a",
        "      The field Query.a was Int and is Int!.",
        "  ✔ FIELD_ADDED Query.c",
        "      The field Query.c was added.",
        "",
        "Found: 1 breaking, 2 safe.",
    ]


@pytest.mark.parametrize(("fail_on", "exit_code"), [("breaking", 1), ("dangerous", 1)])
def test_failing_on_demand(files: Path, plait: Plait, fail_on: str, exit_code: int) -> None:
    assert plait("diff", "before.graphql", "after.graphql", "--fail-on", fail_on).exit_code == exit_code
    assert plait("diff", "after.graphql", "after.graphql", "--fail-on", fail_on).exit_code == 0


def test_dangerous_changes_fail_only_where_they_are_named(files: Path, plait: Plait) -> None:
    (files / "after.graphql").write_text("type Query { a(x: Int): Int b: Int }")
    assert plait("diff", "before.graphql", "after.graphql", "--fail-on", "breaking").exit_code == 0
    assert plait("diff", "before.graphql", "after.graphql", "--fail-on", "dangerous").exit_code == 1


def test_supergraphs_of_a_configuration_and_of_a_file(files: Path, plait: Plait) -> None:
    (files / "supergraph.yaml").write_text(
        "subgraphs: { a: { routing_url: http://a, schema: { file: before.graphql } } }"
    )
    plait("compose", "--config", "supergraph.yaml", "--output", "supergraph.graphql")
    assert "0 changes." in plait("diff", "supergraph.graphql", "supergraph.yaml").out
    (files / "before.graphql").write_text(AFTER)
    assert "FIELD_REMOVED Query.b" in plait("diff", "supergraph.graphql", "supergraph.yaml").out


def test_subgraphs(files: Path, plait: Plait) -> None:
    (files / "before.graphql").write_text(FEDERATED)
    (files / "after.graphql").write_text(FEDERATED.replace(" name: String", ""))
    assert "✖ FIELD_REMOVED User.name" in plait("diff", "before.graphql", "after.graphql").out


def test_entities_that_only_gateways_ask_for_count(files: Path, plait: Plait) -> None:
    (files / "before.graphql").write_text(FEDERATED.partition("\n")[2])
    (files / "after.graphql").write_text(FEDERATED.partition("\n")[2].replace(" name: String", ""))
    assert "✖ FIELD_REMOVED User.name" in plait("diff", "before.graphql", "after.graphql").out


def test_a_configuration_of_a_revision_is_read_with_its_files(files: Path, plait: Plait) -> None:
    (files / "graph" / "schemas").mkdir(parents=True)
    configuration = files / "graph" / "supergraph.yaml"
    configuration.write_text(
        "subgraphs: { a: { routing_url: http://a, schema: { file: schemas/../schemas/a.graphql } } }"
    )
    schema = files / "graph" / "schemas" / "a.graphql"
    schema.write_text(BEFORE)
    git = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-C", str(files))
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Published")):
        subprocess.run([*git, *command], check=True)
    schema.write_text(AFTER)
    for revision in ("HEAD:graph/supergraph.yaml", "HEAD:./graph/supergraph.yaml"):
        assert "FIELD_REMOVED Query.b" in plait("diff", revision, "graph/supergraph.yaml").out
    check = plait("check", "--subgraphs", "graph/supergraph.yaml", "--against", "HEAD:graph/supergraph.yaml")
    assert (check.exit_code, "FIELD_REMOVED Query.b" in check.out) == (1, True)
    missing = plait("diff", "HEAD:none.yaml", "graph/supergraph.yaml")
    assert missing.exit_code == 3
    assert "HEAD:none.yaml cannot be read from git: path 'none.yaml' does not exist in 'HEAD'" in missing.err


def test_revisions(files: Path, plait: Plait) -> None:
    git = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-C", str(files))
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Published")):
        subprocess.run([*git, *command], check=True)
    (files / "before.graphql").unlink()
    assert "3 changes." in plait("diff", "HEAD:before.graphql", "after.graphql").out


def test_json(files: Path, plait: Plait) -> None:
    document = json.loads(plait("diff", "before.graphql", "after.graphql", "--format", "json").out)
    assert (document["command"], document["subject"]) == ("diff", "before.graphql to after.graphql")
    (section,) = document["sections"]
    assert [(each["criticality"], each["code"]) for each in section["findings"]] == [
        ("breaking", "FIELD_REMOVED"),
        ("safe", "FIELD_TYPE_NARROWED"),
        ("safe", "FIELD_ADDED"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type Query {", "broken.graphql:1:13: INVALID_GRAPHQL: Syntax Error: Expected Name, found <EOF>."),
        ("type Query { a: Nothing }", "broken.graphql:1:17: INVALID_GRAPHQL: "),
        ("", "broken.graphql:1:1: INVALID_GRAPHQL: The schema is empty."),
        ("# https://specs.apollo.dev/join", "broken.graphql"),
        ("x" * 8_000_001, "broken.graphql: INVALID_GRAPHQL: The schema has more than 8,000,000 characters"),
    ],
)
def test_bad_input(files: Path, plait: Plait, text: str, message: str) -> None:
    (files / "broken.graphql").write_text(text)
    ran = plait("diff", "before.graphql", "broken.graphql")
    assert (ran.exit_code, ran.out) == (3, "")
    assert message in ran.err


def test_subgraphs_that_do_not_compose(files: Path, plait: Plait) -> None:
    (files / "supergraph.yaml").write_text(
        "subgraphs: { a: { routing_url: http://a, schema: { sdl: 'type User { id: ID }' } } }"
    )
    ran = plait("diff", "before.graphql", "supergraph.yaml")
    assert ran.exit_code == 3
    assert "The subgraphs of supergraph.yaml do not compose: " in ran.err
    assert "NO_QUERIES" in ran.err


def _fingerprint(plait: Plait) -> str:
    document = json.loads(plait("diff", "before.graphql", "after.graphql", "--format", "json").out)
    return str(document["sections"][0]["findings"][0]["fingerprint"])
