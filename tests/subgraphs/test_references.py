"""What one context cannot say takes away a reference to it, and nothing of the others.

Where a reference must not be null, an id that is nobody's, or a context that does not answer, makes null of
all that it is in: of the whole catalogue, for one tutor whom identity does not know.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest
from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from subgraphs.kernel.graphql.export import exported_contexts, sdl


@pytest.mark.parametrize("context", exported_contexts())
def test_what_another_context_says_may_be_null(context: str) -> None:
    schema = _schema(context)
    foreign = {name for name in _objects(schema) if not _is_at_home(schema, name)}
    assert [
        f"{kind}.{name}: {field.type}"
        for kind, name, field in _fields(schema)
        if (kind in foreign or _leads_to(field, foreign)) and not _is_shared(field, name)
        if _may_take_others_along(field.type)
    ] == []


def test_there_are_such_references() -> None:
    learning = _schema("learning")
    assert not _is_at_home(learning, "User")
    assert _is_at_home(learning, "Course")
    assert _leads_to(learning.get_type("Course").fields["tutor"], {"User"})  # type: ignore[union-attr]


@cache
def _schema(context: str) -> GraphQLSchema:
    return build_schema(sdl(import_module(f"subgraphs.{context}.api").schema), assume_valid=True)


def _objects(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("_"):
            yield name


def _is_at_home(schema: GraphQLSchema, name: str) -> bool:
    """A type is described where it is at home, and nowhere else."""
    return schema.type_map[name].description is not None


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    for kind in _objects(schema):
        definition = schema.type_map[kind]
        assert isinstance(definition, GraphQLObjectType)
        for name, field in definition.fields.items():
            if not name.startswith("_"):
                yield kind, name, field


def _leads_to(field: GraphQLField, foreign: set[str]) -> bool:
    match get_named_type(field.type):
        case GraphQLUnionType(types=members):
            return any(member.name in foreign for member in members)
        case named:
            return named.name in foreign


def _is_shared(field: GraphQLField, name: str) -> bool:
    """The key, and what comes from home (`@external`)."""
    node = field.ast_node
    assert node is not None
    return name == "id" or any(directive.name.value == "external" for directive in node.directives or ())


def _may_take_others_along(kind: GraphQLOutputType) -> bool:
    if isinstance(kind, GraphQLNonNull):
        return True
    nullable = get_nullable_type(kind)
    return is_list_type(nullable) and isinstance(nullable.of_type, GraphQLNonNull)
