"""`plait subgraphs` as a user runs it."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plait_schema.commands.subgraphs import subgraphs
from plait_schema.composition import compose
from plait_schema.sources import read_sources
from plait_schema.subgraph import SubgraphSource

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
COMPOSITION = compose(
    [
        SubgraphSource(
            ".Shop: a/b", "http://shop.example", f'{LINK}type Course @key(fields: "id") {{ id: ID! }}'
        ),
        SubgraphSource("shop__a_b", "http://other.example", f"{LINK}type Query {{ now: String }}"),
        SubgraphSource("users", "http://users.example", f"{LINK}type Query {{ users: [ID] }}"),
    ]
)


@pytest.fixture
def supergraph(tmp_path: Path) -> Path:
    assert COMPOSITION.supergraph_sdl is not None
    path = tmp_path / "supergraph.graphql"
    path.write_text(COMPOSITION.supergraph_sdl, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(subgraphs, [str(argument) for argument in arguments], standalone_mode=False)


def test_one_subgraph_is_shown_as_it_is(supergraph: Path) -> None:
    ran = run("--supergraph", supergraph, "--name", "users")
    assert ran.stdout.splitlines() == [
        "extend schema",
        '  @link(url: "https://specs.apollo.dev/federation/v2.0")',
        "",
        "type Query {",
        "  users: [ID]",
        "}",
    ]


def test_all_are_told_apart_by_comments(supergraph: Path) -> None:
    ran = run("--supergraph", supergraph)
    assert [line for line in ran.stdout.splitlines() if line.startswith("#")] == [
        "# .Shop: a/b http://shop.example",
        "# shop__a_b http://other.example",
        "# users http://users.example",
    ]


def test_json(supergraph: Path) -> None:
    document = json.loads(run("--supergraph", supergraph, "--name", "users", "--format", "json").stdout)
    assert document["schema_version"] == 1
    (entry,) = document["subgraphs"]
    assert (entry["name"], entry["url"]) == ("users", "http://users.example")
    assert "users: [ID]" in entry["sdl"]


def test_the_folder_composes_to_the_same_supergraph(supergraph: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    ran = run("--supergraph", supergraph, "--output", folder)
    assert ran.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == [
        "Shop__a_b.graphql",
        "shop__a_b-2.graphql",
        "supergraph.yaml",
        "users.graphql",
    ]
    assert compose(read_sources(folder / "supergraph.yaml")).supergraph_sdl == COMPOSITION.supergraph_sdl


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--name", "nobody"), 'There is no subgraph "nobody", but .Shop: a/b, shop__a_b, users.'),
        (("--name", "users", "--output", "folder"), "Give --output or --name, not both."),
        (("--output", f"{os.devnull}/folder"), "cannot be made: Not a directory."),
    ],
)
def test_bad_usage(supergraph: Path, arguments: tuple[str, ...], message: str) -> None:
    ran = run("--supergraph", supergraph, *arguments)
    assert message in str(getattr(ran.exception, "message", ran.exception))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"type Query {", ":1:13: INVALID_GRAPHQL: "),
        (b"type Query { a: Int }", ": INVALID_FEDERATION_SUPERGRAPH: This is not a supergraph"),
        (b"\xff", " is not UTF-8 text (byte 0)."),
    ],
)
def test_bad_supergraphs(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "supergraph.graphql"
    path.write_bytes(content)
    assert f"{path}{message}" in str(getattr(run("--supergraph", path).exception, "message", ""))
