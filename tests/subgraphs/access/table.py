"""The table of who may what (may.yaml), and the operations that try it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type

_TABLE: Final = Path(__file__).with_name("may.yaml")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A root field with arguments: what they name is written $name.

    `let_in` are the people for whom it is; those for whom its arguments are not made may be told one of
    `answers` instead.
    """

    kind: str
    field: str
    let_in: frozenset[str]
    answers: frozenset[str]
    arguments: Mapping[str, Any]

    @property
    def names_something(self) -> bool:
        return any(isinstance(one, str) and one.startswith("$") for one in _leaves(self.arguments))

    def with_ids(self, ids: Mapping[str, str]) -> dict[str, Any]:
        """The arguments as variables, with these ids in the places of names."""
        return {name: _filled(value, ids) for name, value in self.arguments.items()}


def attempts() -> Iterator[Attempt]:
    """Those of the table, in its order."""
    table = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    for kind, section in (("query", "queries"), ("mutation", "mutations")):
        for field, rows in table[section].items():
            for row in rows if isinstance(rows, list) else [rows]:
                arguments = {"input": row["input"]} if "input" in row else row.get("with", {})
                answers = frozenset(row.get("answers", ()))
                yield Attempt(kind, field, frozenset(row["for"]), answers, arguments)


def document(attempt: Attempt, schema: GraphQLSchema) -> str:
    """The operation that tries it, and asks for as little as possible."""
    return f"{head(attempt, schema)} {{ {call(attempt)} {_least_of(root_field(attempt, schema))} }}"


def head(attempt: Attempt, schema: GraphQLSchema) -> str:
    """The beginning of an operation that tries it: its kind, and its variables."""
    arguments = root_field(attempt, schema).args
    declared = ", ".join(f"${name}: {arguments[name].type}" for name in attempt.arguments)
    return f"{attempt.kind} ({declared})" if declared else attempt.kind


def call(attempt: Attempt) -> str:
    """The root field with its arguments."""
    given = ", ".join(f"{name}: ${name}" for name in attempt.arguments)
    return f"{attempt.field}({given})" if given else attempt.field


def root_field(attempt: Attempt, schema: GraphQLSchema) -> GraphQLField:
    """The field of Query or Mutation."""
    root = schema.mutation_type if attempt.kind == "mutation" else schema.query_type
    assert root is not None
    field: GraphQLField = root.fields[attempt.field]
    return field


def _least_of(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, GraphQLObjectType)
    if "errors" in kind.fields:
        return "{ errors { code message field } }"
    lists = next((name for name in ("nodes", "items") if name in kind.fields), None)
    return f"{{ {lists} {{ __typename }} }}" if lists else "{ __typename }"


def _leaves(value: Any) -> Iterator[Any]:
    match value:
        case Mapping():
            for inner in value.values():
                yield from _leaves(inner)
        case list():
            for inner in value:
                yield from _leaves(inner)
        case _:
            yield value


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case Mapping():
            return {name: _filled(inner, ids) for name, inner in value.items()}
        case list():
            return [_filled(inner, ids) for inner in value]
        case str() if value.startswith("$"):
            return ids[value[1:]]
        case _:
            return value
