"""Selections in the form that planning thinks in: no fragments, each field with the types it is for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    print_ast,
)

Conditions: TypeAlias = frozenset[tuple[str, bool]]
"""Variables and the value each must have, all of them: what is left of `@skip` and `@include`."""

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A field, asked of objects of some run-time types. Compared by identity.

    `response_key` is the client's; None means that the gateway asks for itself.
    """

    field: str
    types: frozenset[str]
    arguments: tuple[ArgumentNode, ...] = ()
    selections: "tuple[Selection, ...]" = ()
    response_key: str | None = None
    conditions: Conditions = frozenset()
    contexts: frozenset[str] = frozenset()  # those set above that the field may take arguments from

    def of(self, *types: str) -> "Selection":
        """The same for some of its types."""
        return self if self.types == frozenset(types) else replace(self, types=frozenset(types))

    @property
    def size(self) -> int:
        """The number of leaves."""
        return sum(selection.size for selection in self.selections) or 1


def argument_text(arguments: tuple[ArgumentNode, ...]) -> str:
    """Equal for arguments that mean the same, whatever their order."""
    return ", ".join(sorted(print_ast(argument) for argument in arguments))


def runtime_types(schema: GraphQLSchema, name: str) -> frozenset[str]:
    """The object types that a value of a composite type can have; none for a type the schema lacks."""
    named = schema.get_type(name)
    if is_abstract_type(named):
        return frozenset(possible.name for possible in schema.get_possible_types(named))
    return frozenset((name,)) if is_composite_type(named) else frozenset()


def field_type(schema: GraphQLSchema, parent: str, field: str) -> str | None:
    """The name of a field's type in the supergraph."""
    definition = getattr(schema.get_type(parent), "fields", {}).get(field)
    return get_named_type(definition.type).name if definition else None


def parse_selections(
    schema: GraphQLSchema, parent: str, selection_set: SelectionSetNode, types: frozenset[str]
) -> tuple[Selection, ...]:
    """A field set of the federation specification, applied on a type, as selections."""
    return tuple(_selections(schema, parent, selection_set, types))


def _selections(
    schema: GraphQLSchema, parent: str, selection_set: SelectionSetNode, types: frozenset[str]
) -> Iterator[Selection]:
    for node in selection_set.selections:
        match node:
            case FieldNode(name=name, selection_set=inner):
                inner_type = field_type(schema, parent, name.value)
                selections: tuple[Selection, ...] = ()
                if inner is not None and inner_type is not None:
                    inner_types = runtime_types(schema, inner_type)
                    selections = parse_selections(schema, inner_type, inner, inner_types)
                yield Selection(name.value, types, tuple(node.arguments or ()), selections)
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                on = condition.name.value if condition else parent
                yield from _selections(schema, on, inner, types & runtime_types(schema, on))
