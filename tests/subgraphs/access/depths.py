"""Operations that ask for all that can be reached from a root field."""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from tests.subgraphs.access.table import Attempt, call, head


def everything_below(attempt: Attempt, schema: GraphQLSchema, *, depth: int) -> Iterator[str]:
    """For a root field, an operation for each of its objects' fields, with all that is below it.

    What leads back to a type on the way is left out, and what needs an argument.
    """
    root = schema.query_type
    assert root is not None
    kind = get_named_type(root.fields[attempt.field].type)
    for selection in _selections(kind, (), depth):
        yield f"{head(attempt, schema)} {{ {call(attempt)} {selection} }}"


def _selections(kind: GraphQLNamedType, above: tuple[str, ...], depth: int) -> Iterator[str]:
    if not isinstance(kind, GraphQLObjectType):
        yield ""
        return
    wrapper = next((name for name in ("nodes", "items") if name in kind.fields), None)
    if wrapper is not None:
        for inner in _selections(get_named_type(kind.fields[wrapper].type), above, depth):
            yield f"{{ {wrapper} {inner} }}"
        return
    leaves = " ".join(name for name, field in _askable(kind) if is_leaf_type(get_named_type(field.type)))
    yield f"{{ __typename {leaves} }}"
    for name, field in _askable(kind):
        inner_kind = get_named_type(field.type)
        if not is_leaf_type(inner_kind):
            yield f"{{ {name} {all_of(inner_kind, (*above, kind.name), depth)} }}"


def all_of(kind: GraphQLNamedType, above: tuple[str, ...], depth: int) -> str:
    """A selection of everything about a type, and of what is so far below it; of what it was reached by,
    nothing."""
    if isinstance(kind, GraphQLUnionType):
        return "{ " + " ".join(f"... on {one.name} {all_of(one, above, 0)}" for one in kind.types) + " }"
    assert isinstance(kind, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in _askable(kind):
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            parts.append(name)
        elif name != "edges" and inner.name not in above and (depth or name in ("nodes", "items")):
            parts.append(f"{name} {all_of(inner, (*above, kind.name), max(0, depth - 1))}")
    return f"{{ {' '.join(parts)} }}"


def _askable(kind: GraphQLObjectType) -> Iterator[tuple[str, GraphQLField]]:
    for name, field in kind.fields.items():
        if not any(is_required_argument(argument) for argument in field.args.values()):
            yield name, field
