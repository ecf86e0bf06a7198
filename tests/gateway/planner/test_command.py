"""`plait plan`: its output, and what it exits with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plait_gateway.commands.plan import plan
from plait_schema.commands.explain import explain
from plait_schema.composition import compose
from tests.schema.query_graph.graphs import sources


@pytest.fixture
def supergraph(tmp_path: Path) -> str:
    sdl = compose(
        sources(
            courses='type Query { course: Course } type Course @key(fields: "id") { id: ID! title: String }',
            reviews='type Course @key(fields: "id") { id: ID! rating: Int }',
        )
    ).supergraph_sdl
    assert sdl is not None
    file = tmp_path / "supergraph.graphql"
    file.write_text(sdl)
    return str(file)


def run(supergraph: str, operation: str, *options: str) -> tuple[int, str, str]:
    arguments = ["--supergraph", supergraph, "--operation", "-", *options]
    result = CliRunner().invoke(plan, arguments, input=operation)
    return result.exit_code, result.stdout, result.stderr


def test_the_plan_as_text(supergraph: str) -> None:
    code, out, _ = run(supergraph, "{ course { title rating } }")
    assert code == 0
    assert out.startswith('QueryPlan {\n  Sequence {\n    Fetch(service: "courses") {')


def test_the_plan_as_json(supergraph: str) -> None:
    code, out, _ = run(
        supergraph,
        "query A { course { title } } query B { course { id } }",
        "--format",
        "json",
        "--operation-name",
        "B",
    )
    assert code == 0
    assert json.loads(out)["node"]["serviceName"] == "courses"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("{ course {", "1:11: GRAPHQL_PARSE_FAILED"),
        ("{\n  course { titel } }", "2:12: GRAPHQL_VALIDATION_FAILED: Cannot query field 'titel'"),
        ("{ course { __x: title } }", "1:12: GRAPHQL_VALIDATION_FAILED"),
        (
            "query A { __typename } query B { __typename }",
            "1:24: OPERATION_RESOLUTION_FAILURE: The document holds several operations; "
            "say by --operation-name which one to run: A, B.",
        ),
    ],
)
def test_what_has_no_plan_is_a_no(supergraph: str, operation: str, message: str) -> None:
    code, out, err = run(supergraph, operation)
    assert (code, out) == (1, "")
    assert err.startswith(message)


def test_bad_input_is_said_with_its_place(supergraph: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.graphql"
    broken.write_text("type Query {")
    command = [sys.executable, "-c", "from plait_schema.cli import main; main()", "plan"]
    for file, message in [
        (broken, f"Error: {broken}:1:13: INVALID_GRAPHQL: "),
        (tmp_path / "none.graphql", "Error: Cannot read the supergraph "),
    ]:
        options = ["--supergraph", str(file), "--operation", supergraph]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 3
        assert done.stderr.startswith(message)


@pytest.fixture
def moving(tmp_path: Path) -> str:
    sdl = compose(
        sources(
            old='type Query { course: Course } type Course @key(fields: "id") { id: ID! title: String }',
            new="""type Course @key(fields: "id") {
              id: ID! title: String @override(from: "old", label: "new-titles")
            }""",
        )
    ).supergraph_sdl
    assert sdl is not None
    file = tmp_path / "moving.graphql"
    file.write_text(sdl)
    return str(file)


def test_labels_of_override_decide_who_is_asked(moving: str) -> None:
    _, off, _ = run(moving, "{ course { title } }")
    _, on, _ = run(moving, "{ course { title } }", "--label", "new-titles")
    assert ('service: "new"' in off, 'service: "new"' in on) == (False, True)


def test_a_label_must_be_in_the_supergraph(moving: str, supergraph: str) -> None:
    code, _, err = run(moving, "{ course { title } }", "--label", "new-title")
    assert (code, err) == (1, 'Error: The supergraph has no label "new-title". Did you mean "new-titles"?\n')
    _, _, err = run(supergraph, "{ course { title } }", "--label", "x")
    assert "no @override with a label" in err


def explained(*arguments: str, operation: str = "{ course { title rating } }") -> tuple[int, str, str]:
    result = CliRunner().invoke(explain, [*arguments], input=operation)
    return result.exit_code, result.stdout, result.stderr


def test_a_plan_is_explained_by_the_verb_that_explains_codes(supergraph: str) -> None:
    code, out, _ = explained("--supergraph", supergraph, "--operation", "-")
    assert code == 0
    assert "enters Course by its key id" in out
    _, out, _ = explained("--operation=-", f"--supergraph={supergraph}", "--format", "json")
    assert [stage["cost"]["fetches"] for stage in json.loads(out)["stages"]] == [2, 2, 2, 2, 2]
    _, out, _ = explained("--supergraph", supergraph, "--operation", "-", "--format", "mermaid")
    assert out.startswith("flowchart LR\n")
    code, out, _ = explained("KEY_INVALID_FIELDS")
    assert (code, out.splitlines()[0]) == (0, "error KEY_INVALID_FIELDS")


def test_what_cannot_be_explained_says_why(supergraph: str) -> None:
    code, _, err = explained("--supergraph", supergraph, "--operation", "-", operation="{ course { x } }")
    assert (code, err[:33]) == (1, "1:12: GRAPHQL_VALIDATION_FAILED: ")
    code, _, err = explained("--operation", "-")
    assert (code, err.splitlines()[-1]) == (2, "Error: Missing option '--supergraph'.")
    _, out, _ = explained("--help")
    assert "Explain the plan of an operation:" in out
    assert "--operation-name" in out
