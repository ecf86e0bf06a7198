"""`@key`: https://www.apollographql.com/docs/graphos/reference/federation/directives#key."""

from collections.abc import Iterator

from graphql import DirectiveNode, GraphQLError, InterfaceTypeDefinitionNode, UnionTypeDefinitionNode

from plait_schema.diagnostics import (
    KEY_DIRECTIVE_IN_FIELDS_ARG,
    KEY_FIELDS_HAS_ARGS,
    KEY_FIELDS_SELECT_INVALID_TYPE,
    KEY_INVALID_FIELDS,
    KEY_INVALID_FIELDS_TYPE,
    KEY_UNSUPPORTED_ON_INTERFACE,
    Code,
    Diagnostic,
)
from plait_schema.federation import applied, parse_field_set, string_argument, written_name
from plait_schema.federation.type_reference import named_type
from plait_schema.federation.versions import print_version
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.field_sets import FieldSetCodes, Selected, read_field_set, selected_fields

_CODES = FieldSetCodes(
    KEY_INVALID_FIELDS_TYPE,
    KEY_INVALID_FIELDS,
    KEY_DIRECTIVE_IN_FIELDS_ARG,
    "Add the field to the type in this subgraph, or name another one.",
)
_MENDS = {
    KEY_FIELDS_HAS_ARGS: "Use a field without arguments.",
    KEY_FIELDS_SELECT_INVALID_TYPE: "Use fields of scalars, enums or objects.",
}
_INTERFACE_KEYS = (2, 3)


def keys(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A key selects fields that identify an entity: existing ones, without arguments, of one known type."""
    for name, node in subgraph.types.items():
        for directive in applied(node, "key"):
            label = written_name(directive)
            if isinstance(node, InterfaceTypeDefinitionNode) and subgraph.version < _INTERFACE_KEYS:
                yield KEY_UNSUPPORTED_ON_INTERFACE.at(
                    name,
                    f"{label} cannot be used on the interface {name} in federation "
                    f"{print_version(subgraph.version)}.",
                    locations=subgraph.locate(directive),
                    fix=f"Link federation {print_version(_INTERFACE_KEYS)} or later, or remove the key.",
                )
            selection_set, problems = read_field_set(directive, name, name, subgraph, _CODES)
            if selection_set is None:
                yield from tuple(_of_abstract_types(directive, name, subgraph)) or problems
                continue
            yield from problems
            for selected in selected_fields(selection_set, name, subgraph):
                for code, message in _unfit(selected, subgraph):
                    places = subgraph.locate(directive)
                    text = f"{label} cannot select {message}"
                    yield code.at(name, text, locations=places, fix=_MENDS[code])


def _of_abstract_types(directive: DirectiveNode, name: str, subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Fields that no key can have, and so the reason why what the key selects below them is not right."""
    try:
        selection_set = parse_field_set(string_argument(directive, "fields") or "")
    except GraphQLError:
        return
    for selected in selected_fields(selection_set, name, subgraph):
        for code, message in _unfit(selected, subgraph):
            if code is KEY_FIELDS_SELECT_INVALID_TYPE:
                text = f"{written_name(directive)} cannot select {message}"
                yield code.at(name, text, locations=subgraph.locate(directive), fix=_MENDS[code])


def _unfit(selected: Selected, subgraph: Subgraph) -> Iterator[tuple[Code, str]]:
    """Why the field cannot be part of a key."""
    if selected.definition.arguments:
        message = f"{selected.coordinate}, which takes arguments: a key has one value."
        yield KEY_FIELDS_HAS_ARGS, message
    returned = named_type(selected.definition.type).name.value
    match subgraph.types.get(returned):
        case InterfaceTypeDefinitionNode() | UnionTypeDefinitionNode() as node:
            kind = "interface" if isinstance(node, InterfaceTypeDefinitionNode) else "union"
            message = f"{selected.coordinate}, which returns the {kind} {returned}: subgraphs could differ."
            yield KEY_FIELDS_SELECT_INVALID_TYPE, message
