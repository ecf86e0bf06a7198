"""The contracts of supergraph.yaml, and `plait compose --contract`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plait_schema.commands.compose import compose
from plait_schema.contract import Contract
from plait_schema.sources import SourceError, read_contract

SUBGRAPHS = """\
subgraphs:
  users:
    routing_url: http://users.example
    schema:
      sdl: |
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@tag"])
        type Query { users: [ID] secret: Int @tag(name: "internal") }
"""
CONTRACTS = """\
contracts:
  public: { include: [a, b], exclude: [c], hide_unreachable_types: true }
  partners:
    exclude:
      - internal
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    file = tmp_path / "supergraph.yaml"
    file.write_text(SUBGRAPHS + CONTRACTS, encoding="utf-8")
    return file


def test_contracts_are_read(configuration: Path) -> None:
    public = Contract("public", frozenset("ab"), frozenset("c"), hide_unreachable_types=True)
    assert read_contract(configuration, "public") == public
    assert read_contract(configuration, "partners") == Contract("partners", exclude=frozenset({"internal"}))


@pytest.mark.parametrize(
    ("contracts", "message"),
    [
        ("", ':1: there is no "contracts", so there is no contract "public".'),
        ("contracts: {}", ':8: there is no contract "public".'),
        (
            "contracts:\n  b: { include: [a] }\n  a: { include: [a] }",
            ':8: there is no contract "public", but a, b.',
        ),
        ("contracts: [public]", ":8: contracts must be a mapping of keys to values."),
        ("contracts:\n  public: all", ":9: public must be a mapping of keys to values."),
        ("contracts:\n  public: {}", ':9: the contract "public" includes and excludes nothing.'),
        ("contracts:\n  public:\n    include: a", ":10: include must be a list of texts."),
        ("contracts:\n  public:\n    exclude: [[a]]", ":10: exclude must be a list of texts."),
        ("contracts:\n  public:\n    exclude: ['']", ":10: exclude must be a list of texts."),
        (
            "contracts:\n  public:\n    include: [a]\n    exclude: [b, a]",
            ':11: the contract "public" includes "a", too.',
        ),
        (
            "contracts:\n  public:\n    includes: [a]",
            ':10: a contract has include, exclude, hide_unreachable_types, but no "includes".',
        ),
        (
            "contracts:\n  public:\n    hide_unreachable_types: 1",
            ":10: hide_unreachable_types must be true or false.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, contracts: str, message: str) -> None:
    file = tmp_path / "supergraph.yaml"
    file.write_text(SUBGRAPHS + contracts, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_contract(file, "public")
    assert caught.value.message == f"{file}{message}"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(compose, [str(argument) for argument in arguments], standalone_mode=False)


def test_the_supergraph_and_the_api_schema_are_those_of_the_contract(configuration: Path) -> None:
    api_schema = configuration.with_name("api.graphql")
    ran = run("--config", configuration, "--contract", "partners", "--api-schema", api_schema)
    assert ran.return_value is None
    assert 'secret: Int @inaccessible @tag(name: "internal")' in ran.stdout
    assert api_schema.read_text(encoding="utf-8") == "type Query {\n  users: [ID]\n}\n"


def test_without_a_contract_clients_see_everything(configuration: Path) -> None:
    api_schema = configuration.with_name("api.graphql")
    run("--config", configuration, "--api-schema", api_schema)
    assert api_schema.read_text(encoding="utf-8") == "type Query {\n  users: [ID]\n  secret: Int\n}\n"


def test_a_contract_that_leaves_nothing_writes_nothing(configuration: Path) -> None:
    files = [configuration.with_name(name) for name in ("api.graphql", "supergraph.graphql")]
    ran = run(
        *("--config", configuration, "--contract", "public"),
        *("--api-schema", files[0], "--output", files[1]),
    )
    assert ran.return_value == 1
    assert "error QUERY_ROOT_TYPE_INACCESSIBLE Query" in ran.stderr
    assert not any(file.exists() for file in files)
