"""The client's operation without fragments: each field with the run-time types and conditions it is for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
)

from plait_gateway.errors import GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE
from plait_gateway.planner.errors import PlanningError
from plait_gateway.planner.operation import Operation
from plait_schema.query_graph import Conditions, QueryGraph, Selection
from plait_schema.query_graph.selection import TYPENAME, argument_text, field_type

INTERNAL_PREFIX = "_plait_"  # of the response keys that are the gateway's own


@dataclass(frozen=True, eq=False)
class NormalOperation:
    """What is to be planned. Introspection and the root's `__typename` are gone: no subgraph is asked."""

    type: OperationType
    root: str
    selections: tuple[Selection, ...]
    variables: Mapping[str, VariableDefinitionNode]


def normalize(operation: Operation, graph: QueryGraph) -> NormalOperation:
    """Spread fragments, decide what `@skip` and `@include` decide without variables, merge equal fields.

    The operation must be valid against the API schema. Raises PlanningError for response keys that begin
    with what GraphQL or the gateway keep for themselves.
    """
    definition = operation.definition
    root = graph.root_type(definition.operation)
    if root is None:
        kind = definition.operation.value
        raise PlanningError(OPERATION_RESOLUTION_FAILURE, f"The graph has no {kind}.", nodes=[definition])
    fields = _Normalizer(graph, operation.fragments)
    selections = fields.merged([_Part(definition.selection_set, frozenset())], frozenset((root,)))
    return NormalOperation(
        definition.operation,
        root,
        tuple(selection for selection in selections if not selection.field.startswith("__")),
        {node.variable.name.value: node for node in definition.variable_definitions or ()},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A selection set that counts only under conditions."""

    selection_set: SelectionSetNode
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class _Asked:
    """One mention of a field in the client's text."""

    node: FieldNode
    types: frozenset[str]
    conditions: Conditions


class _ToldApart:
    """A fragment that counts for objects of some types only."""


class _Normalizer:
    def __init__(self, graph: QueryGraph, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._graph = graph
        self._fragments = fragments

    def merged(self, parts: Iterable[_Part], types: frozenset[str]) -> tuple[Selection, ...]:
        """The selections of one or several selection sets for the same objects.

        Where fragments tell types apart there is a `__typename` among them, which is the gateway's.
        """
        mentions: dict[tuple[str, str, str], list[_Asked]] = {}
        apart = False
        for part in parts:
            for asked in self._mentions(part.selection_set, types, part.conditions):
                if isinstance(asked, _ToldApart):
                    apart = True
                    continue
                key = (_response_key(asked.node), asked.node.name.value, _arguments(asked.node))
                mentions.setdefault(key, []).append(asked)
        selections = [
            selection
            for (response_key, _, _), group in mentions.items()
            for selection in self._selections(response_key, group)
        ]
        return (*selections, Selection(TYPENAME, types)) if apart else tuple(selections)

    def _mentions(
        self, selection_set: SelectionSetNode, types: frozenset[str], conditions: Conditions
    ) -> Iterator[_Asked | _ToldApart]:
        for node in selection_set.selections:
            met = _conditions(node, conditions)
            if met is None:
                continue
            match node:
                case FieldNode():
                    yield _Asked(node, types, met)
                case InlineFragmentNode(type_condition=None, selection_set=inner):
                    yield from self._mentions(inner, types, met)
                case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                    yield from self._of_type(condition.name.value, inner, types, met)
                case FragmentSpreadNode(name=name):
                    fragment = self._fragments[name.value]
                    on = fragment.type_condition.name.value
                    yield from self._of_type(on, fragment.selection_set, types, met)

    def _of_type(
        self, on: str, selection_set: SelectionSetNode, types: frozenset[str], conditions: Conditions
    ) -> Iterator[_Asked | _ToldApart]:
        everything = self._graph.runtime_types(on)
        if everything == {on} or not types <= everything:
            yield _ToldApart()
        if common := types & everything:
            yield from self._mentions(selection_set, common, conditions)

    def _selections(self, response_key: str, group: list[_Asked]) -> Iterator[Selection]:
        """One selection for all objects that are asked the same, so that no object is asked twice."""
        node = group[0].node
        alike: dict[tuple[tuple[int, ...], str | None], set[str]] = {}
        for name in sorted(frozenset().union(*(asked.types for asked in group))):
            mentioned = tuple(at for at, asked in enumerate(group) if name in asked.types)
            inner = field_type(self._graph.schema, name, node.name.value) if node.selection_set else None
            alike.setdefault((mentioned, inner), set()).add(name)
        for (mentioned, inner), names in alike.items():
            asked = [group[at] for at in mentioned]
            for conditions, weaker in _by_weakest(asked):
                parts = [
                    _Part(one.node.selection_set, one.conditions - conditions)
                    for one in weaker
                    if one.node.selection_set
                ]
                below = self.merged(parts, self._graph.runtime_types(str(inner))) if parts else ()
                yield Selection(
                    node.name.value,
                    frozenset(names),
                    tuple(node.arguments or ()),
                    tuple(s for s in below if s.field == TYPENAME or not s.field.startswith("__")),
                    response_key,
                    conditions,
                )


def _by_weakest(group: list[_Asked]) -> Iterator[tuple[Conditions, list[_Asked]]]:
    """Mentions of one field by the conditions that no other mention has less of.

    `f @include(if: $a) { x }  f { y }` is `f { x @include(if: $a)  y }`: the first goes with the second.
    """
    distinct = dict.fromkeys(asked.conditions for asked in group)
    weakest = [one for one in distinct if not any(other < one for other in distinct)]
    taken: set[int] = set()
    for conditions in weakest:
        mine = [at for at, asked in enumerate(group) if at not in taken and conditions <= asked.conditions]
        taken.update(mine)
        yield conditions, [group[at] for at in mine]


def _conditions(node: SelectionNode, outer: Conditions) -> Conditions | None:
    """The conditions under which a selection counts, None when they can never hold."""
    met = set(outer)
    for directive in node.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        if wanted is None:
            continue
        match _if(directive):
            case BooleanValueNode(value=value):
                if value != wanted:
                    return None
            case VariableNode(name=name):
                met.add((name.value, wanted))
    if any((variable, not wanted) in met for variable, wanted in met):
        return None
    return frozenset(met)


def _if(directive: DirectiveNode) -> object:
    return next(
        (argument.value for argument in directive.arguments or () if argument.name.value == "if"), None
    )


def _response_key(node: FieldNode) -> str:
    key = node.alias.value if node.alias else node.name.value
    if key.startswith(INTERNAL_PREFIX) or (key.startswith("__") and key != node.name.value):
        message = (
            f'"{key}" cannot be an alias: names that begin with "__" or "{INTERNAL_PREFIX}" are reserved.'
        )
        raise PlanningError(GRAPHQL_VALIDATION_FAILED, message, nodes=[node])
    return key


def _arguments(node: FieldNode) -> str:
    arguments: tuple[ArgumentNode, ...] = tuple(node.arguments or ())
    return argument_text(arguments)
