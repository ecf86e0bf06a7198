"""`@fromContext`: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/use-contexts."""

from collections.abc import Iterator, Mapping

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    print_ast,
)

from plait_schema.diagnostics import (
    CONTEXT_INVALID_SELECTION,
    CONTEXT_NO_RESOLVABLE_KEY,
    CONTEXT_NOT_SET,
    NO_CONTEXT_IN_SELECTION,
    Code,
    Diagnostic,
)
from plait_schema.federation import applied, boolean_argument, is_applied, string_argument, written_name
from plait_schema.federation.context import ContextSelection, parse_context_selection
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.context_selection import selection_problem, unused_condition


def from_context(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A contextual argument gets one value of its own type from a context that is set somewhere above."""
    setters = _setters(subgraph)
    for name, node in subgraph.types.items():
        for field in fields_of(node):
            for argument in field.arguments or ():
                for directive in applied(argument, "fromContext"):
                    selection = _selection(directive)
                    yield from (
                        code.at(
                            f"{name}.{field.name.value}({argument.name.value}:)",
                            f"{written_name(directive)} {message}.",
                            locations=subgraph.locate(directive),
                            fix=_mend(code, node, setters),
                        )
                        for code, message in (
                            *_misplaced(node, field, argument, subgraph, names_context=selection is not None),
                            *_wrong_value(directive, selection, argument, setters, subgraph),
                        )
                    )
    yield from _on_directive_definitions(subgraph)


def _mend(code: Code, node: TypeDefinitionNode, setters: Mapping[str, object]) -> str | None:
    if code is CONTEXT_NO_RESOLVABLE_KEY:
        return f"Add a resolvable @key to {node.name.value}."
    if code is NO_CONTEXT_IN_SELECTION:
        return f'Write for instance field: "${min(setters, default="user")} {{ id }}".'
    return None


def _setters(subgraph: Subgraph) -> Mapping[str, tuple[str, ...]]:
    """By context: the types that set it."""
    setters: dict[str, tuple[str, ...]] = {}
    for name, node in subgraph.types.items():
        for directive in applied(node, "context"):
            context = string_argument(directive, "name") or ""
            setters[context] = (*setters.get(context, ()), name)
    return setters


def _misplaced(
    node: TypeDefinitionNode,
    field: FieldDefinitionNode,
    argument: InputValueDefinitionNode,
    subgraph: Subgraph,
    *,
    names_context: bool,
) -> Iterator[tuple[Code, str]]:
    """The argument must disappear from the API schema, and its type must be an entity to be fetched anew."""
    if isinstance(node, InterfaceTypeDefinitionNode):
        yield CONTEXT_NOT_SET, "cannot be used on an interface: only a resolved field can get a value"
        return
    if isinstance(node, ObjectTypeDefinitionNode):
        for interface in node.interfaces or ():
            if subgraph.field(interface.name.value, field.name.value):
                message = f"cannot be used on a field that implements one of {interface.name.value}"
                yield CONTEXT_NOT_SET, message
    if argument.default_value is not None:
        yield CONTEXT_NOT_SET, f"cannot be used with the default value {print_ast(argument.default_value)}"
    has_key = any(boolean_argument(key, "resolvable", default=True) for key in applied(node, "key"))
    if not has_key and names_context:
        message = f"needs a key by which {node.name.value} can be fetched, and it has no resolvable one"
        yield CONTEXT_NO_RESOLVABLE_KEY, message


def _wrong_value(
    directive: DirectiveNode,
    selection: ContextSelection | None,
    argument: InputValueDefinitionNode,
    setters: Mapping[str, tuple[str, ...]],
    subgraph: Subgraph,
) -> Iterator[tuple[Code, str]]:
    if selection is None:
        text = string_argument(directive, "field") or ""
        yield NO_CONTEXT_IN_SELECTION, f'must say "$<context> {{ <field> }}", and "{text}" does not'
        return
    types = setters.get(selection.context, ())
    if not types:
        message = f'takes a value from the context "{selection.context}", which no type of this subgraph sets'
        yield CONTEXT_NOT_SET, message
    for name in types:
        if is_applied(subgraph.types[name], "interfaceObject"):
            message = f"cannot take a value from {name}, which is an @interfaceObject here"
            yield CONTEXT_INVALID_SELECTION, message
        elif problem := selection_problem(selection.field_set, name, argument.type, subgraph.schema):
            message = f'cannot take "{selection.field_set}" from {name}: {problem}'
            yield CONTEXT_INVALID_SELECTION, message
    if types and (condition := unused_condition(selection.field_set, types, subgraph.schema)):
        message = f'has a type condition for {condition}, which no object that sets "{selection.context}" is'
        yield CONTEXT_INVALID_SELECTION, message


def _selection(directive: DirectiveNode) -> ContextSelection | None:
    text = string_argument(directive, "field") or ""
    selection = parse_context_selection(text)
    return None if selection is None or text.endswith(f"${selection.context}") else selection


def _on_directive_definitions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    for name, definition in subgraph.directives.items():
        for argument in definition.arguments or ():
            for directive in applied(argument, "fromContext"):
                message = f"{written_name(directive)} cannot be used on an argument of a directive."
                coordinate = f"@{name}({argument.name.value}:)"
                yield CONTEXT_NOT_SET.at(coordinate, message, locations=subgraph.locate(directive))
