"""`plait publish`, `fetch` and `registry` as a user runs them, against a real registry."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from plait_schema.cli import main
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import BROKEN, reviews, users


@dataclass(frozen=True)
class Ran:
    exit_code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class Command:
    """Runs `plait` with the registry and its admin token in the environment, in a folder of schemas."""

    def __init__(
        self,
        running: RunningRegistry,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        folder: Path,
    ) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setenv("PLAIT_REGISTRY", running.url)
        monkeypatch.setenv("PLAIT_TOKEN", running.token)
        monkeypatch.setenv("GITHUB_SHA", "0123456789abcdef")
        monkeypatch.setenv("GITHUB_ACTOR", "ada")
        monkeypatch.chdir(folder)
        config = "subgraphs:\n"
        for source in (users(), reviews()):
            (folder / f"{source.name}.graphql").write_text(source.sdl)
            config += f"  {source.name}:\n    routing_url: {source.url}\n"
            config += f"    schema: {{ file: {source.name}.graphql }}\n"
        (folder / "broken.graphql").write_text(BROKEN.sdl)
        (folder / "supergraph.yaml").write_text(config)

    def plait(self, line: str) -> Ran:
        self._monkeypatch.setattr(sys, "argv", ["plait", *line.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, captured.out, captured.err)


@pytest.fixture
def command(
    running: RunningRegistry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Command:
    return Command(running, monkeypatch, capsys, tmp_path)


def test_the_life_of_a_graph(command: Command) -> None:
    plait = command.plait
    waiting = plait("publish shop@prod --subgraph reviews --schema reviews.graphql --routing-url http://r")
    assert (waiting.exit_code, waiting.out) == (
        0,
        "Kept as version 1: shop@prod serves nothing until what is published composes.\n",
    )
    assert plait("publish shop@prod --config supergraph.yaml").out == "shop@prod serves version 2.\n"

    refused = plait("publish shop@prod --subgraph reviews --schema broken.graphql")
    assert (refused.exit_code, refused.out) == (
        1,
        "Refused as version 3: shop@prod still serves version 2.\n",
    )
    assert "error INVALID_GRAPHQL Review.text" in refused.err
    assert "at reviews broken.graphql:1:21" in refused.err

    same = plait("publish shop@prod --config supergraph.yaml")
    assert (same.exit_code, same.out) == (0, "Nothing has changed: shop@prod serves version 2.\n")
    dry = plait("publish shop@prod --delete users --dry-run")
    assert (dry.exit_code, dry.out) == (1, "Dry run: shop@prod would not compose.\n")
    assert plait("publish shop@prod --delete reviews").out == "shop@prod serves version 4.\n"
    back = plait("registry rollback shop@prod --to 2 --message=hurry")
    assert back.out == "shop@prod serves version 5, which is version 2 again.\n"

    shown = plait("registry show shop@prod")
    assert "shop@prod serves version 5" in shown.out
    assert [line.split()[:3] for line in shown.out.splitlines()[-5:]] == [
        ["5", "composed", "rollback"],
        ["4", "composed", "delete"],
        ["3", "refused", "publish"],
        ["2", "composed", "publish"],
        ["1", "waiting", "publish"],
    ]
    assert shown.out.splitlines()[-5].endswith("<- served  hurry")
    assert "ada" in shown.out
    assert "0123456789" in shown.out
    assert plait("registry list").out.splitlines()[1].split() == ["shop@prod", "5", "5"]
    document = plait("registry show shop@prod --format json").document
    assert (document["schema_version"], document["variant"]["serving"]) == (1, 5)


TAGGED = """\
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
type Query { me: User }
type User { name: String }
"""


def test_a_contract_follows(command: Command, tmp_path: Path) -> None:
    plait, schema = command.plait, tmp_path / "people.graphql"
    publish = "publish shop@prod --subgraph people --schema people.graphql --routing-url http://people"
    schema.write_text(TAGGED.replace("String", 'String email: String @tag(name: "beta")'))
    plait(publish)
    contract = "registry contract shop@public --source prod --exclude beta"
    assert plait(f"{contract} --dry-run").out == "Dry run: shop@public would compose.\n"
    assert plait(contract).out == "shop@public serves version 1.\n"
    assert "email" not in plait("fetch shop@public --api-schema").out
    assert plait("registry list").out.splitlines()[2].split() == ["shop@public", "1", "1", "prod"]
    assert "It is a contract of prod, without beta." in plait("registry show shop@public").out

    schema.write_text(TAGGED.replace("String", 'String @tag(name: "beta")'))
    check = plait("check --subgraph people --schema people.graphql --against shop@prod")
    assert (check.exit_code, "✖ Contracts" in check.out) == (1, True)
    published = plait(publish)
    assert published.exit_code == 0
    assert "shop@prod serves version 2.\n" in published.out
    assert "shop@public does not compose, and stays as it is:" in published.out
    assert "(CONTRACT_CONFLICT)" in plait(publish.replace("prod", "public")).err
    assert plait(contract.replace("beta", "none")).exit_code == 0
    assert plait("registry contract shop@public --end").exit_code == 0
    assert plait("registry contract shop@public").exit_code == 3


def test_fetching(command: Command, tmp_path: Path) -> None:
    plait = command.plait
    plait("publish shop --config supergraph.yaml")
    assert plait("fetch shop --subgraph users").out == users().sdl
    assert plait("fetch shop --api-schema").out.startswith("type Query {\n  me: User\n}")
    assert plait("fetch shop@current --version 1 --output got.graphql").err.startswith(
        "Version 1 of shop@current"
    )
    assert "join__Graph" in (tmp_path / "got.graphql").read_text()
    assert plait("fetch shop --subgraph none").exit_code == 3


def test_tokens(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    made = command.plait("registry token create ci --scope publish:shop --days 2")
    assert made.exit_code == 0
    listed = command.plait("registry token list").out.splitlines()
    assert "publish:shop@*" in listed[2]
    monkeypatch.setenv("PLAIT_TOKEN", made.out.strip())
    assert command.plait("publish shop --config supergraph.yaml").exit_code == 0
    refused = command.plait("registry token list")
    assert (refused.exit_code, "(FORBIDDEN)" in refused.err) == (3, True)


def test_webhooks(command: Command) -> None:
    made = command.plait("registry webhook create ci --to http://127.0.0.1:1/hook --on published --of shop")
    assert (made.exit_code, made.out.startswith("whsec_")) == (0, True)
    (listed,) = command.plait("registry webhook list").out.splitlines()[1:]
    webhook, *rest = listed.split()
    assert rest == ["ci", "127.0.0.1:1", "shop@*", "json", "published"]
    assert command.plait("publish shop --config supergraph.yaml").exit_code == 0
    assert command.plait(f"registry webhook test {webhook}").exit_code == 0
    tested, published = _attempted(command, webhook)
    assert (tested["event"], published["event"], published["target"]) == ("test", "published", "shop@current")
    assert {one["reason"] for one in (tested, published)} == {"127.0.0.1 is in a private network"}
    assert "sent again" in command.plait(f"registry webhook deliveries {webhook} --again {tested['id']}").out
    assert "is removed" in command.plait(f"registry webhook remove {webhook}").out
    assert "(NOT_FOUND)" in command.plait(f"registry webhook test {webhook}").err


def _attempted(command: Command, webhook: str) -> list[dict[str, Any]]:
    """The deliveries, as soon as each was attempted."""
    deadline = monotonic() + 120
    while monotonic() < deadline:
        document = command.plait(f"registry webhook deliveries {webhook} --format json").document
        if all(one["reason"] for one in document["deliveries"]):
            return list(document["deliveries"])
    raise AssertionError("nobody attempts to deliver")


BAD_INPUT = (
    ("publish shop", "say one of --subgraph, --config and --delete"),
    ("publish shop --subgraph users --schema users.graphql", "say with --routing-url"),
    ("publish shop --subgraph users --schema users.graphql --routing-url nowhere", "no http or https URL"),
    ("publish shop --subgraph users --schema users.graphql --routing-url http://[", "no http or https URL"),
    ("publish shop --subgraph users --routing-url http://u", "say with --schema"),
    ("publish shop --subgraph users --routing-url http://u --schema none.graphql", "cannot be read"),
    ("publish 1shop --config supergraph.yaml", "cannot name a graph"),
    ("publish shop --config supergraph.yaml --token wrong", "(UNAUTHENTICATED)"),
    ("publish shop --config supergraph.yaml --registry http://127.0.0.1:1", "(UNREACHABLE)"),
    ("publish shop --config supergraph.yaml --registry ftp://x", "not an http or https url"),
    ("registry rollback shop --to 1", "(NOT_FOUND)"),
    ("registry approve shop --reason no", "say which findings"),
    ("registry approve shop 0f3c5a1b2d4e6f78 --reason no", "(NOT_FOUND)"),
    ("registry token create x --scope fly", "no permission"),
    ("registry webhook create x --to http://x --on lunch", "no event lunch"),
    ("registry webhook create x --to ftp://x --on published", "no http or https url"),
    ("registry webhook create x --to http://me:pw@x --on published", "has a user"),
    ("registry webhook deliveries none", "(NOT_FOUND)"),
    ("registry --database mysql://x", "is of a database called mysql"),
    ("registry --database nonsense", "(BAD_DATABASE_URL)"),
    ("registry --database postgresql://a:secret@x:port/d", "(BAD_DATABASE_URL)"),
    ("registry --database postgresql://a:secret@x:70000/d", "(BAD_DATABASE_URL)"),
    ("registry --database sqlite:////proc/none/registry.db", "cannot be written"),
)


def test_bad_input_is_told_in_a_line(command: Command) -> None:
    for line, told in BAD_INPUT:
        ran = command.plait(line)
        assert (ran.exit_code, ran.out) == (3, ""), line
        assert told in ran.err, line
        assert "secret" not in ran.err, line
        assert "Traceback" not in ran.err, line
