"""Which of the client's fields an object has: CollectFields of the specification (section 6.3.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
)

from plait_gateway.errors import ResponsePath
from plait_gateway.executor.conditions import is_included, type_condition_applies

CollectedFields: TypeAlias = dict[str, list[FieldNode]]


@dataclass(frozen=True, slots=True)
class Collection:
    """The client's fragments and variables, by which its selections are read."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def fields(self, selection_sets: Iterable[SelectionSetNode], typename: str | None) -> CollectedFields:
        """Fields by response key in the client's order, for a run-time type, or for any (None)."""
        collected: CollectedFields = {}
        visited: set[str] = set()
        for selection_set in selection_sets:
            self._collect(selection_set, typename, collected, visited)
        return collected

    def visible_path(self, operation: SelectionSetNode, path: ResponsePath) -> ResponsePath:
        """As much of a path as the client can know, since the tree holds internal fields, too."""
        selection_sets: tuple[SelectionSetNode, ...] = (operation,)
        for length, step in enumerate(path):
            if isinstance(step, int):
                continue
            fields = self.fields(selection_sets, None).get(step)
            if fields is None:
                return path[:length]
            selection_sets = nested_selections(fields)
        return path

    def _collect(
        self,
        selection_set: SelectionSetNode,
        typename: str | None,
        collected: CollectedFields,
        visited: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not is_included(selection.directives or (), self.variables):
                continue
            match selection:
                case FieldNode(name=name, alias=alias):
                    collected.setdefault((alias or name).value, []).append(selection)
                case FragmentSpreadNode(name=name) if name.value not in visited:
                    visited.add(name.value)
                    fragment = self.fragments[name.value]
                    if self._applies(fragment.type_condition.name.value, typename):
                        self._collect(fragment.selection_set, typename, collected, visited)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    if condition is None or self._applies(condition.name.value, typename):
                        self._collect(inner, typename, collected, visited)

    def _applies(self, condition: str, typename: str | None) -> bool:
        return typename is None or type_condition_applies(self.schema, condition, typename)


def nested_selections(fields: Iterable[FieldNode]) -> tuple[SelectionSetNode, ...]:
    """What fields of one response key select together."""
    return tuple(field.selection_set for field in fields if field.selection_set is not None)
