"""Field sets: selections written as strings, in `@key(fields:)`, `@requires(fields:)`, `@provides(fields:)`.

https://specs.apollo.dev/federation/v2.0 - scalar FieldSet
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Source,
    print_ast,
)

from plait_schema.federation.parsing import parse_document

MAXIMUM_LENGTH: Final = 20_000
"""Characters of one field set: a few thousand fields."""


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """The selection that a field set writes; its outer braces are optional.

    Raises GraphQLSyntaxError, also for one longer than MAXIMUM_LENGTH. Whether the fields exist is not looked
    at: `load_subgraph` has checked it for every subgraph that it returns.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise GraphQLSyntaxError(Source("", "FieldSet"), 0, f"More than {MAXIMUM_LENGTH:,} characters.")
    selection = text.strip().removeprefix("\ufeff")
    document = parse_document(
        selection if selection.startswith("{") else f"{{{selection}\n}}",  # it may end with a comment
        name="FieldSet",
        no_location=True,
    )
    match document.definitions:
        case (OperationDefinitionNode(selection_set=selection_set),):
            if _has_empty_selection(selection_set):  # the parser takes them, as later GraphQL does
                raise GraphQLSyntaxError(Source(text, "FieldSet"), 0, "Expected a selection in the braces.")
            return selection_set
        case _:
            raise GraphQLSyntaxError(Source(text, "FieldSet"), 0, "Expected one selection.")


def print_field_set(selection_set: SelectionSetNode) -> str:
    """On one line, without outer braces: `id organization { id }`."""
    return " ".join(_print_selection(selection) for selection in selection_set.selections)


def sorted_field_set(selection_set: SelectionSetNode) -> str:
    """Printed in order and without repetitions at every level: equal texts for sets that select the same."""
    return _print_sorted((selection_set,))


def _print_sorted(selection_sets: Iterable[SelectionSetNode]) -> str:
    below: dict[str, list[SelectionSetNode]] = {}
    for selection_set in selection_sets:
        for selection in selection_set.selections:
            below.setdefault(_head(selection), []).extend(_inner(selection))
    return " ".join(
        f"{head} {{ {_print_sorted(inner)} }}" if inner else head for head, inner in sorted(below.items())
    )


def _has_empty_selection(selection_set: SelectionSetNode) -> bool:
    return not selection_set.selections or any(
        _has_empty_selection(selection.selection_set)
        for selection in selection_set.selections
        if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set
    )


def _print_selection(selection: SelectionNode) -> str:
    parts = (f"{{ {print_field_set(inner)} }}" for inner in _inner(selection))
    return " ".join([_head(selection), *parts])


def _inner(selection: SelectionNode) -> tuple[SelectionSetNode, ...]:
    if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
        return (selection.selection_set,)
    return ()


def _head(selection: SelectionNode) -> str:
    """All but the selection below: alias, name, arguments, type condition, directives."""
    match selection:
        case FieldNode():
            head = f"{selection.alias.value}: " if selection.alias else ""
            head += selection.name.value
            if selection.arguments:
                head += f"({', '.join(print_ast(argument) for argument in selection.arguments)})"
        case InlineFragmentNode(type_condition=condition):
            head = f"... on {condition.name.value}" if condition else "..."
        case FragmentSpreadNode(name=name):
            head = f"...{name.value}"
        case _:
            raise TypeError(f"Not a selection: {selection!r}")
    return " ".join([head, *(print_ast(directive) for directive in selection.directives or ())])
