"""Which subgraph has which field: `@join__field`."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    is_composite_type,
    parse_type,
)

from plait_schema.diagnostics import INVALID_FEDERATION_SUPERGRAPH
from plait_schema.supergraph.document import SupergraphDocument, arguments_of
from plait_schema.supergraph.errors import error_at
from plait_schema.supergraph.model import ContextArgument, FieldInSubgraph, SubgraphEndpoint, TypeInSubgraph
from plait_schema.supergraph.types import field_set, graph_of

Fields = dict[str, dict[str, dict[str, FieldInSubgraph]]]


def read_fields(
    document: SupergraphDocument,
    endpoints: Mapping[str, SubgraphEndpoint],
    types: Mapping[str, Mapping[str, TypeInSubgraph]],
    schema: GraphQLSchema,
) -> Fields:
    """For each object and interface type, for each field, the subgraphs that have it.

    A field without `@join__field` is in every subgraph that has its type. One with a `@join__field` that
    names no graph is in none: it comes from an `@interfaceObject` of an interface of the type.
    """
    found: Fields = {}
    for node in document.types:
        if not isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            continue
        if not is_composite_type(schema.get_type(node.name.value)):
            continue  # a type of the join specification itself
        owner = _owner(node, document, endpoints)
        found[node.name.value] = {
            field.name.value: _in_subgraphs(field, document, endpoints, types[node.name.value], owner)
            for field in node.fields or ()
        }
    return found


def _in_subgraphs(
    field: FieldDefinitionNode,
    document: SupergraphDocument,
    endpoints: Mapping[str, SubgraphEndpoint],
    parent: Mapping[str, TypeInSubgraph],
    owner: str | None,
) -> dict[str, FieldInSubgraph]:
    said = list(document.applied(field, "field"))
    if not said:
        return {
            name: FieldInSubgraph(name, field.type)
            for name, join in parent.items()
            if owner is None or name == owner or _is_in_key(field, join)
        }
    found: dict[str, FieldInSubgraph] = {}
    for applied in said:
        arguments = arguments_of(applied)
        if arguments.get("graph") is not None:
            name = graph_of(applied, arguments, endpoints)
            found[name] = _field(name, field, applied, arguments)
    if owner is not None:  # join v0.1 names the graph of a key's field for its owner only
        for name, join in parent.items():
            if name not in found and _is_in_key(field, join):
                found[name] = FieldInSubgraph(name, field.type)
    return dict(sorted(found.items()))


def _field(
    name: str, field: FieldDefinitionNode, applied: DirectiveNode, arguments: Mapping[str, Any]
) -> FieldInSubgraph:
    requires, provides = arguments.get("requires"), arguments.get("provides")
    label = arguments.get("overrideLabel")
    overridden = bool(arguments.get("usedOverridden")) and label is None
    return FieldInSubgraph(
        name,
        type=_type(arguments.get("type"), field, applied),
        requires=field_set(requires, applied) if requires else None,
        provides=field_set(provides, applied) if provides else None,
        external=bool(arguments.get("external")) or overridden,
        override=arguments.get("override"),
        override_label=label,
        context_arguments=tuple(
            _context_argument(entry, field, applied) for entry in arguments.get("contextArguments") or ()
        ),
    )


def _type(text: str | None, field: FieldDefinitionNode, applied: DirectiveNode) -> TypeNode:
    if not text:
        return field.type
    try:
        return parse_type(text, no_location=True)
    except GraphQLError as error:
        raise error_at(INVALID_FEDERATION_SUPERGRAPH, f'"{text}" is not a type.', applied) from error


def _context_argument(
    entry: Mapping[str, Any], field: FieldDefinitionNode, applied: DirectiveNode
) -> ContextArgument:
    return ContextArgument(
        name=str(entry.get("name")),
        type=_type(str(entry.get("type")), field, applied),
        context=str(entry.get("context")),
        selection=field_set(str(entry.get("selection")), applied),
    )


def _owner(
    node: TypeDefinitionNode, document: SupergraphDocument, endpoints: Mapping[str, SubgraphEndpoint]
) -> str | None:
    """The subgraph which has every field that says nothing else: join v0.1 only."""
    for applied in document.applied(node, "owner"):
        return graph_of(applied, arguments_of(applied), endpoints)
    return None


def _is_in_key(field: FieldDefinitionNode, join: TypeInSubgraph) -> bool:
    names = {getattr(selection, "name", None) for key in join.keys for selection in key.fields.selections}
    return any(name is not None and name.value == field.name.value for name in names)
