"""`plait check` as a user and as CI run it: exit codes, files, formats, and bad input."""

import io
import json
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from plait_schema import installed_planner
from tests.schema.checks.formats.schemas import validate
from tests.schema.commands.conftest import Plait
from tests.schema.commands.running import Ran

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])\n'
USERS = LINK + 'type Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String nick: String }\n'
REVIEWS = LINK + 'type Query { top: Int }\ntype User @key(fields: "id") { id: ID! stars: Int }\n'
WITHOUT_NAME = USERS.replace(" name: String", "")
CONFIGURATION = """\
subgraphs:
  users: { routing_url: http://users/graphql, schema: { file: users.graphql } }
  reviews: { routing_url: http://reviews/graphql, schema: { file: reviews.graphql } }
contracts:
  public: { exclude: [internal] }
"""
USAGE = '{"operation": {"document": "query Me { me { name } }"}, "client": {"name": "web"}, "requests": 9}\n'


@pytest.fixture
def files(tmp_path: Path, plait: Plait) -> Path:
    """A published graph, in both forms, with an operation; and a proposal that breaks it."""
    (tmp_path / "users.graphql").write_text(USERS)
    (tmp_path / "reviews.graphql").write_text(REVIEWS)
    (tmp_path / "supergraph.yaml").write_text(CONFIGURATION)
    assert plait("compose", "--config", "supergraph.yaml", "--output", "supergraph.graphql").exit_code == 0
    (tmp_path / "new.graphql").write_text(WITHOUT_NAME)
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "me.graphql").write_text("query Me { me { name } }")
    (tmp_path / "usage.jsonl").write_text(USAGE)
    return tmp_path


@pytest.fixture
def check(files: Path, plait: Plait) -> Plait:
    """`plait check` of the proposal against the supergraph."""

    def run(*arguments: str, against: str = "supergraph.graphql") -> Ran:
        proposal = ("--subgraph", "users", "--schema", "new.graphql", "--against", against)
        return plait("check", *proposal, *arguments)

    return run


@pytest.mark.parametrize("against", ["supergraph.graphql", "supergraph.yaml"])
def test_a_breaking_change_fails(check: Plait, against: str) -> None:
    ran = check("--operations", "operations", against=against)
    assert (ran.exit_code, ran.err) == (1, "")
    assert "✖ FIELD_REMOVED User.name new.graphql:3:1" in ran.out
    assert "OPERATION_NO_LONGER_VALID operations/me.graphql:1:17" in ran.out
    assert ("1 contract." in ran.out) == (against == "supergraph.yaml")


@pytest.mark.parametrize("against", ["supergraph.graphql", "supergraph.yaml"])
def test_what_is_published_passes(check: Plait, files: Path, against: str) -> None:
    (files / "new.graphql").write_text(USERS)
    ran = check("--operations", "operations", against=against)
    assert (ran.exit_code, ran.err) == (0, "")
    assert "0 changes." in ran.out
    assert "Passed: nothing found." in ran.out


def test_standard_input_has_places_without_a_file(
    files: Path, plait: Plait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def piped(format_: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WITHOUT_NAME.encode())))
        proposal = ("--subgraph", "users", "--schema", "-", "--against", "supergraph.graphql")
        ran = plait("check", *proposal, "--format", format_)
        assert (ran.exit_code, ran.err) == (1, "")
        return ran.out

    assert "FIELD_REMOVED User.name users:3:1" in piped("text")
    assert "title=FIELD_REMOVED User.name::users:3:1: The field" in piped("github")
    sarif = piped("sarif")
    validate("sarif", sarif)
    (place,) = json.loads(sarif)["runs"][0]["results"][0]["locations"]
    assert place["message"] == {"text": "users:3:1"}


def test_a_change_that_nobody_uses_passes(check: Plait, files: Path) -> None:
    (files / "operations" / "me.graphql").write_text("query Me { me { id } }")
    ran = check("--operations", "operations")
    assert ran.exit_code == 0
    assert "(Safe based on usage: no recorded operation uses it ✓)" in ran.out


@pytest.mark.parametrize(
    ("option", "passes"),
    [
        (("--minimum-requests", "10"), True),
        (("--minimum-requests", "9"), False),
        (("--exclude-client", "w*"), False),  # nothing is left that says what clients send
        (("--usage-window", "7d"), False),
    ],
)
def test_usage(check: Plait, option: tuple[str, ...], passes: bool) -> None:
    assert check("--usage", "usage.jsonl", *option).exit_code == (0 if passes else 1)


def test_an_approved_change_passes_again(check: Plait, files: Path) -> None:
    report = json.loads(check("--format", "json").out)
    (breaking,) = [finding for finding in report["sections"][1]["findings"] if finding["severity"] == "error"]
    (files / "approvals.yaml").write_text(
        f"approvals: [{{fingerprint: '{breaking['fingerprint']}', by: ana, reason: unused}}]"
    )
    ran = check("--approvals", "approvals.yaml")
    assert ran.exit_code == 0
    assert "(Approved by ana: unused ✓)" in ran.out


def test_the_settings_of_the_folder_and_the_command_line(check: Plait, files: Path) -> None:
    (files / "new.graphql").write_text(USERS.replace("name: String", "name(style: Int): String"))
    assert check().exit_code == 0
    (files / "plait.yaml").write_text("checks:\n  fail_on: dangerous\n")
    assert check().exit_code == 1
    assert check("--fail-on", "breaking").exit_code == 0


def test_deletion(files: Path, plait: Plait) -> None:
    ran = plait("check", "--subgraph", "reviews", "--delete", "--against", "supergraph.graphql")
    assert ran.exit_code == 1
    assert "FIELD_REMOVED Query.top" in ran.out


def test_all_subgraphs_at_once(files: Path, plait: Plait) -> None:
    arguments = ("check", "--subgraphs", "supergraph.yaml", "--against", "supergraph.graphql")
    ran = plait(*arguments, "--operations", "operations")
    assert ran.exit_code == 0
    assert "0 changes." in ran.out
    (files / "users.graphql").write_text(WITHOUT_NAME)
    (files / "reviews.graphql").write_text(REVIEWS.replace("stars", "points"))
    ran = plait(*arguments, "--operations", "operations")
    assert ran.exit_code == 1
    assert "✖ FIELD_REMOVED User.name users.graphql:3:1" in ran.out
    assert "✔ FIELD_REMOVED User.stars reviews.graphql:3:1" in ran.out


def test_a_new_subgraph(files: Path, plait: Plait) -> None:
    (files / "news.graphql").write_text("type Query { news: String }")
    ran = plait(
        *("check", "--subgraph", "news", "--schema", "news.graphql", "--against", "supergraph.graphql"),
        *("--routing-url", "http://news/graphql"),
    )
    assert ran.exit_code == 0
    assert "SUBGRAPH_ADDED news" in ran.out


def test_files_in_formats_beside_what_is_printed(check: Plait, files: Path) -> None:
    outputs = {"json": "a.json", "sarif": "a.sarif", "junit": "a.xml", "markdown": "a.md", "text": "a.txt"}
    options = [part for each in outputs.items() for part in ("--output", "=".join(each))]
    ran = check("--format", "github", *options)
    assert ran.exit_code == 1
    assert ran.out.startswith("::error file=new.graphql,line=3,col=1,title=FIELD_REMOVED User.name::")
    assert json.loads((files / "a.json").read_text())["outcome"] == "failed"
    assert json.loads((files / "a.sarif").read_text())["version"] == "2.1.0"
    assert (files / "a.xml").read_text().startswith("<?xml")
    assert (files / "a.md").read_text().startswith("<!-- plait check: users -->\n")
    assert "\x1b" not in (files / "a.txt").read_text()


def test_github_actions(check: Plait, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = files / "summary.md"
    summary.write_text("What was there.\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ran = check("--format", "json")
    assert json.loads(ran.out)["outcome"] == "failed"  # annotations do not stand among it
    assert ran.err.startswith("::error file=new.graphql")
    assert summary.read_text().startswith("What was there.\n<!-- plait check: users -->\n")


def test_against_a_git_revision(check: Plait, files: Path) -> None:
    git = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-C", str(files))
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Published")):
        subprocess.run([*git, *command], check=True)
    (files / "supergraph.graphql").unlink()
    assert check(against="HEAD:supergraph.graphql").exit_code == 1
    ran = check(against="HEAD:nowhere.graphql")
    assert ran.exit_code == 3
    assert "Error: HEAD:nowhere.graphql cannot be read from git: " in ran.err


def test_without_a_planner_plans_are_skipped(check: Plait, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = EntryPoint("gateway", "plait_not_installed.plans:planner [gateway]", "plait.plans")
    monkeypatch.setattr(installed_planner, "installed", lambda _: {"gateway": missing})
    ran = check("--operations", "operations")
    assert "– Plans  Planning needs plait_not_installed: pip install 'plait[gateway]'" in ran.out
    monkeypatch.setattr(installed_planner, "installed", lambda _: {})
    ran = check("--operations", "operations")
    assert "– Plans  No query planner is installed: pip install 'plait[gateway]'" in ran.out


def test_time_is_up(check: Plait, files: Path, silent_url: str) -> None:
    ran = check("--operations", "operations", "--timeout", "0.000001")
    assert (ran.exit_code, ran.out) == (2, "")
    assert "This took longer than 1e-06 s (--timeout)." in ran.err
    (files / "supergraph.yaml").write_text(
        f"subgraphs: {{ slow: {{ schema: {{ subgraph_url: {silent_url} }} }} }}\n"
    )
    ran = check("--timeout", "0.05", against="supergraph.yaml")
    assert (ran.exit_code, ran.out) == (2, "")
    assert 'subgraph "slow" did not answer' in ran.err


def test_a_schema_of_ten_megabytes(check: Plait, files: Path) -> None:
    with (files / "new.graphql").open("w") as schema:
        schema.write(USERS)
        schema.writelines(f"type Type{number} {{ field: String }}\n" for number in range(320_000))
    ran = check()
    assert ran.exit_code == 1
    assert "INVALID_GRAPHQL" in ran.out
    assert "more than 8,000,000 characters" in ran.out
    assert "DOES_NOT_PARSE" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--against", "supergraph.graphql"), "Give --subgraph NAME with --schema FILE or --delete; or"),
        (("--subgraph", "users", "--against", "supergraph.graphql"), "Give --subgraph NAME with --schema"),
        (
            ("--subgraphs", "supergraph.yaml", "--delete", "--against", "supergraph.graphql"),
            "or --subgraphs FILE alone.",
        ),
        (
            ("--subgraph", "nobody", "--delete", "--against", "supergraph.graphql"),
            'There is no subgraph "nobody" to delete, but reviews, users.',
        ),
        (
            ("--subgraph", "users", "--schema", "nowhere", "--against", "supergraph.graphql"),
            "nowhere cannot be read: No such file or directory.",
        ),
        (
            ("--subgraph", "users", "--schema", "new.graphql", "--against", "users.graphql"),
            "users.graphql: INVALID_FEDERATION_SUPERGRAPH: This is not a supergraph",
        ),
        (
            ("--subgraph", "users", "--schema", "new.graphql", "--against", "inconsistent.graphql"),
            "inconsistent.graphql: INVALID_FEDERATION_SUPERGRAPH: ",
        ),
        (
            ("--subgraph", "users", "--schema", "binary", "--against", "supergraph.graphql"),
            "binary is not UTF-8 text (byte 0).",
        ),
    ],
)
def test_bad_usage(files: Path, plait: Plait, arguments: tuple[str, ...], message: str) -> None:
    (files / "binary").write_bytes(b"\xff\xfe\x00")
    supergraph = (files / "supergraph.graphql").read_text()
    (files / "inconsistent.graphql").write_text(supergraph.replace('key: "id"', 'key: "nothing"'))
    ran = plait("check", *arguments)
    assert (ran.exit_code, ran.out) == (3, "")
    assert message in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--output", "pdf=a.pdf"), "--output pdf=a.pdf: write FORMAT=FILE"),
        (("--output", "json"), "--output json: write FORMAT=FILE"),
        (("--output", "json=no/such/folder"), "there is no folder no/such."),
        (("--usage-window", "soon"), "--usage-window soon: write a span as 7d, 12h or 4w."),
        (("--fail-on", "nothing"), "'nothing' is not one of"),
        (("--usage", "broken.jsonl"), "broken.jsonl:2:1: INVALID_USAGE: This line is no JSON"),
        (("--operations", "broken.graphql"), "broken.graphql:1:9: INVALID_OPERATIONS: Syntax Error"),
        (
            ("--operations", "broken.json"),
            "broken.json:1:1: INVALID_OPERATIONS: A manifest is a JSON object.",
        ),
        (("--operations", "nowhere"), "nowhere cannot be read: No such file or directory."),
        (
            ("--approvals", "broken.yaml"),
            'broken.yaml:1:1: INVALID_APPROVALS: There must be a list of "approvals"',
        ),
        (
            ("--config", "settings.yaml"),
            "settings.yaml:2: there is no lint rule TYPE_SUFIX. Is TYPE_SUFFIX meant?",
        ),
        (("--config", "nowhere.yaml"), "nowhere.yaml cannot be read: No such file or directory."),
    ],
)
def test_bad_input(check: Plait, files: Path, arguments: tuple[str, ...], message: str) -> None:
    (files / "broken.jsonl").write_text(USAGE + "}\n")
    (files / "broken.graphql").write_text("query A ")
    (files / "broken.json").write_text("[]")
    (files / "broken.yaml").write_text("approval: []")
    (files / "settings.yaml").write_text("lint: { rules: {\n  TYPE_SUFIX: error\n} }")
    ran = check(*arguments)
    assert (ran.exit_code, ran.out) == (3, "")
    assert message in ran.err
    assert "Traceback" not in ran.err
