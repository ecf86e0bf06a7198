"""`plait explain` as a user runs it."""

import json
import sys
from collections.abc import Callable
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from plait_schema.cli import main
from plait_schema.commands.explain import explain
from plait_schema.diagnostics import CODES, Severity, Topic
from plait_schema.explanations import reference_page

Run: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `plait explain`: the exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["plait", "explain", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        captured = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return exit_.value.code, captured.out, captured.err

    return run


def test_text(run: Run) -> None:
    assert run("UNUSED_ENUM_TYPE") == (
        0,
        """\
hint UNUSED_ENUM_TYPE
An enum is used nowhere.

The enum is kept in the supergraph as it is. Most likely what used it is gone,
or a field was meant to be of this type.

Example

  courses
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")

    type Query {
      courses: [String]
    }

    enum Level {
      BEGINNER
      ADVANCED
    }

Mend
  Remove the enum, or use it.

  courses
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")

    type Query {
      courses(level: Level): [String]
    }

    enum Level {
      BEGINNER
      ADVANCED
    }
""",
        "",
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_text_of_every_code(run: Run, code: str) -> None:
    exit_code, out, _ = run(code)
    assert (exit_code, out.splitlines()[0]) == (0, f"{CODES[code].severity} {code}")
    prose = [line for line in out.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 80


def test_case_does_not_matter(run: Run) -> None:
    assert run("unused_Enum_type") == run("UNUSED_ENUM_TYPE")


def test_colors_on_a_terminal_only(run: Run) -> None:
    assert "\x1b[" not in run("NO_QUERIES")[1]
    assert "error \x1b[31m\x1b[1mNO_QUERIES" in CliRunner().invoke(explain, ["NO_QUERIES"], color=True).output


def test_json(run: Run) -> None:
    exit_code, out, err = run("NO_QUERIES", "--format", "json")
    document = json.loads(out)
    assert (exit_code, err) == (0, "")
    assert {key: document[key] for key in ("schema_version", "code", "severity", "meaning")} == {
        "schema_version": 1,
        "code": "NO_QUERIES",
        "severity": "error",
        "meaning": CODES["NO_QUERIES"].meaning,
    }
    assert document["reason"].startswith("GraphQL requires a query root")
    assert document["example"]["schemas"][0]["subgraph"] == "courses"
    assert "type Query {" in document["mend"]["schemas"][0]["sdl"]


def test_json_of_a_supergraph(run: Run) -> None:
    _, out, _ = run("UNSUPPORTED_FEATURE", "--format", "json")
    assert json.loads(out)["example"]["schemas"][0]["subgraph"] is None


def test_markdown(run: Run) -> None:
    exit_code, out, err = run("NO_QUERIES", "--format", "markdown")
    assert (exit_code, err) == (0, "")
    assert [line for line in out.splitlines() if line.startswith("#")] == [
        "# NO_QUERIES",
        "## Example",
        "## Mend",
    ]


@pytest.mark.parametrize("arguments", [(), ("--list",)])
def test_all_codes(run: Run, arguments: tuple[str, ...]) -> None:
    exit_code, out, err = run(*arguments)
    assert (exit_code, err) == (0, "")
    listed = [line.strip().split(":")[0] for line in out.splitlines() if line.startswith("  ")]
    tables = [(topic, severity) for topic in Topic for severity in Severity]
    assert listed == [
        code
        for table in tables
        for code in sorted(CODES)
        if (CODES[code].topic, CODES[code].severity) == table
    ]
    assert "  NO_QUERIES: No subgraph has a query, so there is nothing to ask.\n" in out


def test_all_codes_as_json(run: Run) -> None:
    _, out, _ = run("--format", "json")
    document = json.loads(out)
    assert document["schema_version"] == 1
    assert {code["code"]: code["severity"] for code in document["codes"]} == {
        code: str(row.severity) for code, row in CODES.items()
    }


def test_all_codes_as_markdown_are_the_reference_page(run: Run) -> None:
    assert run("--format", "markdown") == (0, reference_page(), "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("invalid_field_sharin",),
            'There is no code "invalid_field_sharin". Did you mean INVALID_FIELD_SHARING',
        ),
        (("zzz",), 'There is no code "zzz". `plait explain` lists all codes.'),
        (("",), 'There is no code "". `plait explain` lists all codes.'),
        (("NO_QUERIES", "--list"), "Give a code or --list, not both."),
        (("NO_QUERIES", "--format", "xml"), "'xml' is not one of 'text', 'json', 'markdown'."),
        (("NO_QUERIES", "EXTERNAL_UNUSED"), "unexpected extra argument"),
    ],
)
def test_bad_usage(run: Run, arguments: tuple[str, ...], message: str) -> None:
    exit_code, out, err = run(*arguments)
    assert (exit_code, out) == (3, "")
    assert message in err
