"""`plait compose` as a user runs it: exit codes, what is written where, and what is said."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.schema.commands.running import Ran, run_plait

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@shareable"])\n'
USERS = LINK + "type Query { users: [String] now: String @shareable }"
COURSES = LINK + "type Query { courses: [String] now: String @shareable }"
NOT_SHAREABLE = LINK + "type Query { courses: [String]\n now: String }"


class Command:
    """Runs `plait compose` on two subgraphs in files."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.output = folder / "supergraph.graphql"
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, courses: str, *arguments: str) -> Ran:
        config = self.folder / "supergraph.yaml"
        (self.folder / "users.graphql").write_text(USERS, encoding="utf-8")
        (self.folder / "courses.graphql").write_text(courses, encoding="utf-8")
        config.write_text(
            "federation_version: =2.11.0\nsubgraphs:\n"
            + "".join(
                f"  {name}:\n    routing_url: http://{name}\n    schema: {{ file: {name}.graphql }}\n"
                for name in ("users", "courses")
            ),
            encoding="utf-8",
        )
        return self.plait("compose", "--config", str(config), *arguments)

    def plait(self, *arguments: str) -> Ran:
        return run_plait(*arguments, monkeypatch=self._monkeypatch, capsys=self._capsys)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, monkeypatch, capsys)


def test_writes_the_supergraph(command: Command) -> None:
    ran = command.run(COURSES, "--output", str(command.output))
    assert ran == Ran(0, "", f"Composed 2 subgraphs into {command.output}.\n")
    supergraph = command.output.read_text(encoding="utf-8")
    assert '@join__graph(name: "courses", url: "http://courses")' in supergraph
    assert [path.name for path in command.folder.glob(".*")] == []


def test_prints_the_supergraph_without_an_output(command: Command) -> None:
    ran = command.run(COURSES)
    assert ran.exit_code == 0
    assert "join__Graph" in ran.out


def test_errors_are_told_and_nothing_is_written(command: Command) -> None:
    command.output.write_text("what was there", encoding="utf-8")
    ran = command.run(NOT_SHAREABLE, "--output", str(command.output))
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "error INVALID_FIELD_SHARING Query.now",
        '  Query.now is resolved by "courses" and "users", but not marked @shareable in "courses".',
        f"  at courses {command.folder / 'courses.graphql'}:3:2",
        "      3 |  now: String }",
        "        |  ^^^",
        f"  at users {command.folder / 'users.graphql'}:2:30",
        "      2 | type Query { users: [String] now: String @shareable }",
        "        |                              ^^^",
        "  fix: Mark it @shareable in all of them, or resolve it in one subgraph only.",
        "",
        "1 error",
        "See `plait explain INVALID_FIELD_SHARING` for an example and its mend.",
    ]
    assert command.output.read_text(encoding="utf-8") == "what was there"


def test_json_on_errors(command: Command) -> None:
    ran = command.run(NOT_SHAREABLE, "--output", str(command.output), "--format", "json")
    assert (ran.exit_code, ran.err) == (1, "")
    document = json.loads(ran.out)
    assert document["schema_version"] == 1
    (diagnostic,) = document["diagnostics"]
    assert diagnostic["severity"] == "error"
    assert diagnostic["code"] == "INVALID_FIELD_SHARING"
    assert diagnostic["coordinate"] == "Query.now"
    assert diagnostic["subgraphs"] == ["courses", "users"]
    assert diagnostic["locations"][0] == {
        "subgraph": "courses",
        "file": str(command.folder / "courses.graphql"),
        "line": 3,
        "column": 2,
    }
    assert not command.output.exists()


def test_json_on_success(command: Command) -> None:
    ran = command.run(COURSES, "--output", str(command.output), "--format", "json")
    assert ran.exit_code == 0
    assert json.loads(ran.out) == {"schema_version": 1, "diagnostics": []}
    assert command.output.exists()


def test_json_without_an_output_holds_the_supergraph(command: Command) -> None:
    ran = command.run(COURSES, "--format", "json")
    assert "join__Graph" in json.loads(ran.out)["supergraph"]


def test_hints_do_not_stand_in_the_way(command: Command) -> None:
    ran = command.run(COURSES + "\nenum Level { LOW }", "--output", str(command.output))
    assert ran.exit_code == 0
    assert "hint UNUSED_ENUM_TYPE Level" in ran.err
    assert command.output.exists()


def test_the_output_keeps_its_permissions(command: Command) -> None:
    command.output.touch(mode=0o640)
    command.run(COURSES, "--output", str(command.output))
    assert stat.S_IMODE(command.output.stat().st_mode) == 0o640


def test_the_output_may_be_a_link(command: Command) -> None:
    target = command.folder / "target.graphql"
    command.output.symlink_to(target)
    command.run(COURSES, "--output", str(command.output))
    assert command.output.is_symlink()
    assert "join__Graph" in target.read_text(encoding="utf-8")


def test_the_output_may_be_a_pipe(command: Command) -> None:
    assert command.run(COURSES, "--output", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--output", "{folder}/no/such/folder.graphql"), "cannot be written: No such file or directory."),
        (("--format", "xml"), "'xml' is not one of 'text', 'json'."),
        (("--timeout", "0"), "0.0 is not in the range x>0"),
        (("extra",), "unexpected extra argument"),
    ],
)
def test_bad_usage(command: Command, arguments: tuple[str, ...], message: str) -> None:
    ran = command.run(COURSES, *(argument.format(folder=command.folder) for argument in arguments))
    assert (ran.exit_code, ran.out) == (3, "")
    assert message in ran.err


def test_a_missing_configuration(command: Command) -> None:
    ran = command.plait("compose", "--config", "nowhere.yaml")
    assert (ran.exit_code, ran.err) == (3, "Error: nowhere.yaml cannot be read: No such file or directory.\n")


def test_help_names_the_exit_codes(command: Command) -> None:
    ran = command.plait("compose", "--help")
    assert ran.exit_code == 0
    assert "2  a running subgraph took too long" in ran.out


def test_running_subgraphs_that_take_too_long(command: Command, silent_url: str) -> None:
    config = command.folder / "supergraph.yaml"
    config.write_text(f"subgraphs: {{ slow: {{ schema: {{ subgraph_url: {silent_url} }} }} }}\n")
    ran = command.plait("compose", "--config", str(config), "--timeout", "0.05")
    assert (ran.exit_code, ran.out) == (2, "")
    assert 'subgraph "slow" did not answer within 0.05 s.' in ran.err
