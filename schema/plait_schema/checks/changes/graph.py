"""One side of a comparison: what clients see, and where it is known, who has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from graphql import (
    DirectiveNode,
    GraphQLSchema,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)

from plait_schema.subgraph import Subgraph
from plait_schema.supergraph import Costs, Supergraph, costs_of, read_supergraph

_ROOTS: Final = ("query", "mutation", "subscription")
SCHEMA: Final = "schema"
"""Stands for the schema itself, which has no schema coordinate."""

_COMPARED_ELSEWHERE: Final = frozenset({"link", "core", "deprecated", "specifiedBy", "oneOf", "inaccessible"})
_MACHINERY: Final = ("join__", "link__", "core__")


@dataclass(frozen=True)
class Graph:
    """A schema as clients see it.

    Applied directives are not part of what clients see, and are looked up in `annotated`: the same schema
    with everything that was written down, hidden elements included.
    """

    schema: GraphQLSchema
    annotated: GraphQLSchema
    supergraph: Supergraph | None = None
    entities: tuple[str, ...] = ()  # of a subgraph: gateways ask for them, beside the roots
    roots: Mapping[str, str] = field(init=False)  # operation -> type

    def __post_init__(self) -> None:
        found = {
            "query": self.schema.query_type,
            "mutation": self.schema.mutation_type,
            "subscription": self.schema.subscription_type,
        }
        object.__setattr__(self, "roots", {kind: root.name for kind, root in found.items() if root})

    @cached_property
    def types(self) -> Mapping[str, Any]:
        """The types that somebody defined, by name."""
        return _types(self.schema)

    @cached_property
    def directives(self) -> Mapping[str, Any]:
        """The directives that somebody defined, by name."""
        return {each.name: each for each in self.schema.directives if not is_specified_directive(each)}

    @cached_property
    def elements(self) -> Mapping[str, Any]:
        """Every element that clients see, by coordinate, and the schema itself."""
        return {SCHEMA: self.schema, **dict(_elements(self.types)), **dict(_of_directives(self.directives))}

    @cached_property
    def costs(self) -> Costs:
        """What `@cost` and `@listSize` say, which are found by these names where there is no supergraph."""
        if self.supergraph is not None:
            return self.supergraph.costs
        types = _types(self.annotated).values()
        return costs_of((node for type_ in types for node in _nodes(type_)), _directives_named)

    @cached_property
    def applied(self) -> Mapping[str, tuple[str, ...]]:
        """The directives applied on elements, by coordinate, without those that are compared on their own."""
        directives = {each.name: each for each in self.annotated.directives}
        elements = (
            (SCHEMA, self.annotated),
            *_elements(_types(self.annotated)),
            *_of_directives(directives),
        )
        found = {coordinate: tuple(sorted(_applied(element))) for coordinate, element in elements}
        return {coordinate: applied for coordinate, applied in found.items() if applied}


def name_of(coordinate: str) -> str:
    """The element as sentences name it."""
    return "the schema" if coordinate == SCHEMA else coordinate


def graph_of_schema(schema: GraphQLSchema) -> Graph:
    """A schema that no supergraph stands behind."""
    return Graph(schema, schema)


def graph_of_subgraph(subgraph: Subgraph) -> Graph:
    """A subgraph on its own, as gateways see it."""
    entities = tuple(
        name
        for name, node in subgraph.types.items()
        if any(directive.name.value == "key" for directive in node.directives or ())
    )
    return Graph(subgraph.schema, subgraph.schema, entities=entities)


def graph_of_supergraph(sdl: str) -> Graph:
    """What clients see of a supergraph, and who has it; raises SupergraphError."""
    supergraph = read_supergraph(sdl)
    return Graph(supergraph.api_schema, supergraph.schema, supergraph)


def _types(schema: GraphQLSchema) -> dict[str, Any]:
    return {
        name: schema.type_map[name]
        for name in sorted(schema.type_map)
        if not (
            is_introspection_type(schema.type_map[name]) or is_specified_scalar_type(schema.type_map[name])
        )
    }


def _elements(types: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, type_ in types.items():
        yield name, type_
        if is_enum_type(type_):
            yield from ((f"{name}.{value}", element) for value, element in type_.values.items())
        elif is_input_object_type(type_):
            yield from ((f"{name}.{field_}", element) for field_, element in type_.fields.items())
        elif is_object_type(type_) or is_interface_type(type_):
            for field_, element in type_.fields.items():
                yield f"{name}.{field_}", element
                yield from ((f"{name}.{field_}({arg}:)", each) for arg, each in element.args.items())


def _of_directives(directives: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, directive in directives.items():
        yield f"@{name}", directive
        yield from ((f"@{name}({arg}:)", each) for arg, each in directive.args.items())


def _nodes(element: Any) -> tuple[Any, ...]:
    nodes = (element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ()))
    return tuple(node for node in nodes if node is not None)


def _directives_named(node: Any, name: str) -> Iterator[DirectiveNode]:
    for directive in getattr(node, "directives", None) or ():
        if directive.name.value.removeprefix("federation__") == name:
            yield directive


def _applied(element: Any) -> Iterator[str]:
    for node in _nodes(element):
        for directive in getattr(node, "directives", None) or ():
            name = directive.name.value
            if name not in _COMPARED_ELSEWHERE and not name.startswith(_MACHINERY):
                yield print_ast(_sorted(directive))


def _sorted(directive: DirectiveNode) -> DirectiveNode:
    """With its arguments by name, which is no difference."""
    arguments = sorted(directive.arguments or (), key=lambda argument: argument.name.value)
    return DirectiveNode(name=directive.name, arguments=tuple(arguments))
