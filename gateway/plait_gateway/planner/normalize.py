"""The client's operation without fragments: each field with the run-time types and conditions it is for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import (
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

from plait_gateway.errors import GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE, OPERATION_TOO_LARGE
from plait_gateway.planner.errors import PlanningError
from plait_gateway.planner.operation import Operation
from plait_gateway.query_plan.minified import minified
from plait_schema.query_graph import Conditions, QueryGraph, Selection
from plait_schema.query_graph.selection import TYPENAME, argument_text, field_type

INTERNAL_PREFIX = "_plait_"  # of the response keys that are the gateway's own
MAXIMUM_DEPTH = 100  # planning recurses along the operation, and Python's stack has an end


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
    with what GraphQL or the gateway keep for themselves, and for an operation that is nested too deep.
    """
    definition = operation.definition
    root = graph.root_type(definition.operation)
    if root is None:
        kind = definition.operation.value
        raise PlanningError(OPERATION_RESOLUTION_FAILURE, f"The graph has no {kind}.", nodes=[definition])
    fields = _Normalizer(graph, operation.fragments)
    selections = fields.merged([_part(definition.selection_set, frozenset())], root)
    return NormalOperation(
        definition.operation,
        root,
        tuple(selection for selection in selections if not selection.field.startswith("__")),
        {node.variable.name.value: node for node in definition.variable_definitions or ()},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A selection set that counts only under conditions; equal to one of the same text."""

    selection_set: SelectionSetNode = field(compare=False)
    text: str
    conditions: Conditions


def _part(selection_set: SelectionSetNode, conditions: Conditions) -> _Part:
    return _Part(selection_set, minified(selection_set), conditions)


@dataclass(frozen=True, slots=True)
class _Mention:
    """One mention of a field in the client's text."""

    node: FieldNode
    types: frozenset[str]
    conditions: Conditions


class _ToldApart:
    """A fragment that counts for objects of some types only."""


_Outcome: TypeAlias = tuple[tuple[Conditions, tuple[_Part, ...]], ...]


class _Normalizer:
    def __init__(self, graph: QueryGraph, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._graph = graph
        self._fragments = fragments

    def merged(
        self, parts: Iterable[_Part], parent: str, given: Conditions = frozenset(), depth: int = 0
    ) -> tuple[Selection, ...]:
        """The selections of one or several selection sets for the same objects, there if all `given` holds.

        Where fragments tell types apart there is a `__typename` among them, which is the gateway's.
        """
        types = self._graph.runtime_types(parent)
        groups: dict[tuple[str, str, str], list[_Mention]] = {}
        apart = False
        for part in parts:
            for found in self._mentions(part.selection_set, types, part.conditions | given, depth):
                match found:
                    case _ToldApart():
                        apart = types != {parent}
                    case _Mention(node):
                        key = (
                            _response_key(node),
                            node.name.value,
                            argument_text(tuple(node.arguments or ())),
                        )
                        groups.setdefault(key, []).append(found)
        selections = [
            selection
            for (response_key, _, _), group in groups.items()
            for selection in self._selections(response_key, group, given, depth)
        ]
        return (*selections, Selection(TYPENAME, types)) if apart else tuple(selections)

    def _mentions(
        self, selection_set: SelectionSetNode, types: frozenset[str], conditions: Conditions, depth: int
    ) -> Iterator[_Mention | _ToldApart]:
        _refuse_too_deep(selection_set, depth)
        for node in selection_set.selections:
            met = _conditions(node, conditions)
            if met is None:
                continue
            match node:
                case FieldNode():
                    yield _Mention(node, types, met)
                case InlineFragmentNode(type_condition=None, selection_set=inner):
                    yield from self._mentions(inner, types, met, depth + 1)
                case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                    yield from self._of_type(condition.name.value, inner, types, met, depth + 1)
                case FragmentSpreadNode(name=name):
                    fragment = self._fragments[name.value]
                    on = fragment.type_condition.name.value
                    yield from self._of_type(on, fragment.selection_set, types, met, depth + 1)

    def _of_type(
        self,
        on: str,
        selection_set: SelectionSetNode,
        types: frozenset[str],
        conditions: Conditions,
        depth: int,
    ) -> Iterator[_Mention | _ToldApart]:
        everything = self._graph.runtime_types(on)
        if everything == {on} or not types <= everything:
            yield _ToldApart()
        if common := types & everything:
            yield from self._mentions(selection_set, common, conditions, depth)

    def _selections(
        self, response_key: str, group: list[_Mention], given: Conditions, depth: int
    ) -> Iterator[Selection]:
        """One selection for all objects that are asked the same, so that no object is asked twice."""
        node = group[0].node
        alike: dict[tuple[str | None, _Outcome], set[str]] = {}
        outcomes: dict[tuple[int, ...], _Outcome] = {}
        for name in sorted(frozenset().union(*(mention.types for mention in group))):
            mentioned = tuple(at for at, mention in enumerate(group) if name in mention.types)
            if mentioned not in outcomes:
                outcomes[mentioned] = tuple(_by_weakest([group[at] for at in mentioned]))
            inner = field_type(self._graph.schema, name, node.name.value) if node.selection_set else None
            alike.setdefault((inner, outcomes[mentioned]), set()).add(name)
        for (inner, outcome), names in alike.items():
            for conditions, parts in outcome:
                yield Selection(
                    node.name.value,
                    frozenset(names),
                    tuple(node.arguments or ()),
                    self._below(parts, inner, conditions, depth + 1) if inner else (),
                    response_key,
                    conditions - given,
                )

    def _below(
        self, parts: tuple[_Part, ...], parent: str, given: Conditions, depth: int
    ) -> tuple[Selection, ...]:
        selections = self.merged(parts, parent, given, depth)
        return tuple(one for one in selections if one.field == TYPENAME or not one.field.startswith("__"))


def _refuse_too_deep(node: SelectionSetNode, depth: int) -> None:
    if depth > MAXIMUM_DEPTH:
        message = f"The operation is nested deeper than {MAXIMUM_DEPTH} levels, fragments included."
        raise PlanningError(OPERATION_TOO_LARGE, message, nodes=[node])


def _by_weakest(group: list[_Mention]) -> Iterator[tuple[Conditions, tuple[_Part, ...]]]:
    """Mentions of one field by the conditions that no other mention has less of.

    `f @include(if: $a) { x }  f { y }` is `f { x @include(if: $a)  y }`: the first goes with the second.
    """
    distinct = dict.fromkeys(mention.conditions for mention in group)
    pending = group
    for conditions in [one for one in distinct if not any(other < one for other in distinct)]:
        mine = [mention for mention in pending if conditions <= mention.conditions]
        pending = [mention for mention in pending if not conditions <= mention.conditions]
        parts = [
            _part(mention.node.selection_set, mention.conditions - conditions)
            for mention in mine
            if mention.node.selection_set
        ]
        yield conditions, tuple(dict.fromkeys(parts))


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
