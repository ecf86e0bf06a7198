"""The text of executable syntax trees without a character that GraphQL ignores.

The same as `strip_ignored_characters(print_ast(node))`, in one walk over the tree: planning prints much.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    print_ast,
    strip_ignored_characters,
)


def minified(node: OperationDefinitionNode | SelectionSetNode) -> str:
    """The shortest text that is parsed to the same tree."""
    parts = _operation(node) if isinstance(node, OperationDefinitionNode) else _selections(node)
    written: list[str] = []
    after_word = False
    for part in parts:
        is_word = part[0] not in "{}()[]:=!$@."
        if after_word and (is_word or part == "..."):
            written.append(" ")
        written.append(part)
        after_word = is_word
    return "".join(written)


def _operation(node: OperationDefinitionNode) -> Iterator[str]:
    is_query = node.operation is OperationType.QUERY
    if not is_query or node.name or node.variable_definitions or node.directives:
        yield node.operation.value
    if node.name:
        yield node.name.value
    if node.variable_definitions:
        yield "("
        for variable in node.variable_definitions:
            yield from _variable(variable)
        yield ")"
    yield from _directives(node.directives)
    yield from _selections(node.selection_set)


def _variable(node: VariableDefinitionNode) -> Iterator[str]:
    yield from ("$", node.variable.name.value, ":")
    yield from _type(node.type)
    if node.default_value is not None:
        yield "="
        yield from _value(node.default_value)
    yield from _directives(node.directives)


def _type(node: TypeNode) -> Iterator[str]:
    match node:
        case NonNullTypeNode(type=inner):
            yield from _type(inner)
            yield "!"
        case ListTypeNode(type=inner):
            yield "["
            yield from _type(inner)
            yield "]"
        case NamedTypeNode(name=name):
            yield name.value


def _selections(node: SelectionSetNode) -> Iterator[str]:
    yield "{"
    for selection in node.selections:
        yield from _selection(selection)
    yield "}"


def _selection(node: SelectionNode) -> Iterator[str]:
    match node:
        case FieldNode():
            if node.alias:
                yield node.alias.value
                yield ":"
            yield node.name.value
            yield from _arguments(node.arguments)
            yield from _directives(node.directives)
            if node.selection_set is not None:
                yield from _selections(node.selection_set)
        case InlineFragmentNode():
            yield "..."
            if node.type_condition:
                yield from ("on", node.type_condition.name.value)
            yield from _directives(node.directives)
            yield from _selections(node.selection_set)
        case FragmentSpreadNode():
            yield from ("...", node.name.value)
            yield from _directives(node.directives)


def _directives(nodes: Iterable[DirectiveNode] | None) -> Iterator[str]:
    for node in nodes or ():
        yield from ("@", node.name.value)
        yield from _arguments(node.arguments)


def _arguments(nodes: Iterable[Any] | None) -> Iterator[str]:
    if nodes:
        yield "("
        yield from _named_values(nodes)
        yield ")"


def _named_values(nodes: Iterable[Any]) -> Iterator[str]:
    for node in nodes:
        yield from (node.name.value, ":")
        yield from _value(node.value)


def _value(node: ValueNode) -> Iterator[str]:
    match node:
        case VariableNode(name=name):
            yield from ("$", name.value)
        case IntValueNode(value=value) | FloatValueNode(value=value) | EnumValueNode(value=value):
            yield value
        case BooleanValueNode(value=is_true):
            yield "true" if is_true else "false"
        case NullValueNode():
            yield "null"
        case StringValueNode():
            yield strip_ignored_characters(print_ast(node))
        case ListValueNode(values=values):
            yield "["
            for each in values:
                yield from _value(each)
            yield "]"
        case ObjectValueNode(fields=fields):
            yield "{"
            yield from _named_values(fields)
            yield "}"
