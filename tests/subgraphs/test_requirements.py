"""What the platform is required to have is there: docs/requirements, one table for each context.

A row says what something is, how it is called in the requirements, and where it is: in the graph, among the
events, as an error's code, or in a file.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from plait_schema.supergraph import read_supergraph
from subgraphs.contexts import CONTEXTS
from subgraphs.contracts import CONTRACTS

_ROOT: Final = Path(__file__).parents[2]
_TABLES: Final = sorted((_ROOT / "docs" / "requirements").glob("*.yaml"))
_KINDS: Final = frozenset(
    {
        "aggregate",
        "entity",
        "value",
        "command",
        "query",
        "event",
        "rule",
        "error",
        "saga",
        "policy",
        "service",
    }
    | {"cache", "defect", "request", "read model"}
)
_SOURCE: Final = _ROOT.parent / "shared" / "REQUIREMENTS.md"
_SECTIONS: Final = {
    "identity": 1,
    "learning": 2,
    "classes": 3,
    "gamification": 4,
    "assessment": 5,
    "payments": 7,
    "tutoring": 8,
    "notification": 14,
}


def rows() -> Iterator[Any]:
    for table in _TABLES:
        for row in yaml.safe_load(table.read_text(encoding="utf-8")):
            yield pytest.param(row, id=f"{table.stem}: {row['name']}")


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    sdl = (_ROOT / "subgraphs" / "supergraph.graphql").read_text(encoding="utf-8")
    return read_supergraph(sdl).api_schema


@pytest.mark.parametrize("row", [*rows()])
def test_what_is_required_is_there(row: Mapping[str, Any], schema: GraphQLSchema) -> None:
    assert row["kind"] in _KINDS
    file = _ROOT / row["where"]
    assert file.exists(), file
    if (place := row.get("graphql")) is not None:
        assert _is_in(schema, place), place
    if (type_ := row.get("event")) is not None:
        assert CONTRACTS.newest(type_), type_
    if (code := row.get("code")) is not None:
        assert f'"{code}"' in _code_of(file.relative_to(_ROOT).parts[1]), code


def test_every_context_has_its_table() -> None:
    assert {table.stem for table in _TABLES} == set(CONTEXTS)


@pytest.mark.skipif(not _SOURCE.exists(), reason="the requirements are not beside the repository")
@pytest.mark.parametrize("context", [*_SECTIONS])
def test_no_name_of_the_requirements_is_forgotten(context: str) -> None:
    """Whatever the section of a context calls by a name in CamelCase."""
    text = _SOURCE.read_text(encoding="utf-8")
    section = text.split(f"\n## {_SECTIONS[context]}. ")[1].split("\n## ")[0]
    table = (_ROOT / "docs" / "requirements" / f"{context}.yaml").read_text(encoding="utf-8")
    names = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", section))
    assert {name for name in names if name not in table} == set()


@cache
def _code_of(context: str) -> str:
    files = (_ROOT / "subgraphs" / context).rglob("*.py")
    return "".join(file.read_text(encoding="utf-8") for file in files)


def _is_in(schema: GraphQLSchema, place: str) -> bool:
    """Whether there is `Query.field`, `Type.field`, or a type by `Type.Name`."""
    parent, _, name = place.partition(".")
    kind = schema.get_type(parent)
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and name in kind.fields:
        return True
    return parent == "Type" and schema.get_type(name.partition(".")[0]) is not None
