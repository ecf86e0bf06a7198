"""The GraphQL text of a fetch, valid in its subgraph."""

from collections.abc import Iterable, Iterator

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from plait_gateway.planner.conflicts import Renaming, without_conflicts
from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, Filled
from plait_gateway.planner.normalize import INTERNAL_PREFIX
from plait_gateway.planner.response_names import free_name
from plait_gateway.planner.written import Field, Fragment, Item, written
from plait_gateway.query_plan.nodes import Fetch
from plait_gateway.query_plan.operations import REPRESENTATIONS, entity_operation, operation_text
from plait_schema.query_graph import Conditions


def fetch_of(fetch: FetchNode, graph: FetchGraph) -> Fetch:
    """The plan's fetch. What all its fields depend on is left out: it decides whether the fetch is sent."""
    renaming = Renaming()
    items = without_conflicts(tuple(_items(fetch, graph)), graph.graph, renaming)
    selection_set = _selection_set(items)
    variables = _variables(selection_set)
    filled = {one.variable.name: _definition(one) for one in fetch.contexts}
    defined = {**graph.operation.variables, **filled}
    operation = OperationDefinitionNode(
        operation=fetch.kind,
        variable_definitions=tuple(defined[name] for name in variables),
        directives=(),
        selection_set=selection_set,
    )
    sent_as = REPRESENTATIONS
    if not fetch.is_root:
        if REPRESENTATIONS in variables:
            sent_as = free_name(f"{INTERNAL_PREFIX}{REPRESENTATIONS}", variables)
        operation = entity_operation(operation, sent_as)
    return Fetch(
        fetch.subgraph,
        operation_text(operation),
        kind=fetch.kind.value,
        variables=tuple(name for name in variables if name not in filled),
        representations=tuple(part.representation for part in fetch.parts if part.representation),
        renames=tuple(renaming.renames),
        contexts=tuple(one.variable for one in fetch.contexts),
        representations_variable=sent_as,
    )


def _definition(filled: Filled) -> VariableDefinitionNode:
    name = NameNode(value=filled.variable.name)
    return VariableDefinitionNode(variable=VariableNode(name=name), type=filled.type)


def _items(fetch: FetchNode, graph: FetchGraph) -> Iterator[Item]:
    seen: set[str] = set()
    for part in fetch.parts:
        items = written(part.asks, graph.graph, hoisted=fetch.conditions)
        if part.representation is None:
            yield from items
        elif part.asks.node.type not in seen:  # parts of one type ask the same
            seen.add(part.asks.node.type)
            yield Fragment(part.asks.node.type, items)


def _selection_set(items: Iterable[Item]) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(_selection(item) for item in items))


def _selection(item: Item) -> SelectionNode:
    match item:
        case Fragment(on, items):
            return InlineFragmentNode(
                type_condition=NamedTypeNode(name=NameNode(value=on)),
                directives=(),
                selection_set=_selection_set(items),
            )
        case Field(response_key, name, arguments=arguments, conditions=conditions, items=items):
            first, *others = _directives(conditions)
            node: SelectionNode = FieldNode(
                alias=NameNode(value=response_key) if response_key != name else None,
                name=NameNode(value=name),
                arguments=arguments,
                directives=first,
                selection_set=_selection_set(items) if items else None,
            )
            for directives in others:
                inner = SelectionSetNode(selections=(node,))
                node = InlineFragmentNode(type_condition=None, directives=directives, selection_set=inner)
            return node


def _directives(conditions: Conditions) -> list[tuple[DirectiveNode, ...]]:
    """Directives for the field, then for fragments around it: neither may have one of a kind twice."""
    include = [_directive("include", variable) for variable, value in sorted(conditions) if value]
    skip = [_directive("skip", variable) for variable, value in sorted(conditions) if not value]
    rows = max(len(include), len(skip), 1)
    return [(*skip[row : row + 1], *include[row : row + 1]) for row in range(rows)]


def _directive(name: str, variable: str) -> DirectiveNode:
    value = VariableNode(name=NameNode(value=variable))
    return DirectiveNode(
        name=NameNode(value=name), arguments=(ArgumentNode(name=NameNode(value="if"), value=value),)
    )


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _variables(node: Node) -> tuple[str, ...]:
    found = _Variables()
    visit(node, found)
    return tuple(sorted(found.names))
