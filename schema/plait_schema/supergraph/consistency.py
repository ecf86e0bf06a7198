"""Whether what the join directives say fits the schema: composers do not get this wrong, editing does."""

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    SelectionSetNode,
    TypeNode,
    get_named_type,
    is_composite_type,
)

from plait_schema.diagnostics import INVALID_FEDERATION_SUPERGRAPH
from plait_schema.supergraph.errors import SupergraphError
from plait_schema.supergraph.model import FieldInSubgraph, Supergraph


def refuse_inconsistent(supergraph: Supergraph) -> None:
    """Raise SupergraphError for a field set or a type that speaks of what the schema does not have."""
    for problem in _problems(supergraph):
        raise SupergraphError(INVALID_FEDERATION_SUPERGRAPH, problem)


def _problems(supergraph: Supergraph) -> Iterator[str]:
    schema = supergraph.schema
    for name, joins in supergraph.types.items():
        for join in joins.values():
            for key in join.keys:
                for problem in _in_field_set(schema, name, key.fields):
                    yield f'The key of {name} in subgraph "{join.subgraph}" is wrong: {problem}.'
    for name, fields in supergraph.fields.items():
        for field, owners in fields.items():
            for owner in owners.values():
                for problem in (*_in_field(schema, name, owner), *_in_contexts(supergraph, owner)):
                    yield f'{name}.{field} in subgraph "{owner.subgraph}" is wrong: {problem}.'


def _in_field(schema: GraphQLSchema, parent: str, field: FieldInSubgraph) -> Iterator[str]:
    target = _named(field.type)
    if schema.get_type(target) is None:
        yield f"there is no type {target}"
        return
    if field.requires is not None:
        yield from _in_field_set(schema, parent, field.requires)
    if field.provides is not None:
        yield from _in_field_set(schema, target, field.provides)


def _in_contexts(supergraph: Supergraph, field: FieldInSubgraph) -> Iterator[str]:
    for argument in field.context_arguments:
        setters = supergraph.contexts.get(argument.context)
        if setters is None:
            yield f"no type sets the context {argument.context}"
        for setter in setters or ():
            yield from _in_field_set(supergraph.schema, setter, argument.selection)


def _in_field_set(schema: GraphQLSchema, parent: str, selection_set: SelectionSetNode) -> Iterator[str]:
    for selection in selection_set.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                on = condition.name.value if condition else parent
                if is_composite_type(schema.get_type(on)):  # composers let unknown ones pass
                    yield from _in_field_set(schema, on, inner)
            case FieldNode(name=name, selection_set=inner) if name.value != "__typename":
                found = getattr(schema.get_type(parent), "fields", {}).get(name.value)
                if found is None:
                    yield f"{parent} has no field {name.value}"
                elif is_composite_type(get_named_type(found.type)) != (inner is not None):
                    yield f"{parent}.{name.value} is selected with the wrong shape"
                elif inner is not None:
                    yield from _in_field_set(schema, get_named_type(found.type).name, inner)


def _named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value
