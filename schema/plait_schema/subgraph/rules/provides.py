"""`@provides`: https://www.apollographql.com/docs/graphos/reference/federation/directives#provides."""

from collections.abc import Iterator

from graphql import (
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from plait_schema.diagnostics import (
    EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE,
    PROVIDES_DIRECTIVE_IN_FIELDS_ARG,
    PROVIDES_FIELDS_HAS_ARGS,
    PROVIDES_FIELDS_MISSING_EXTERNAL,
    PROVIDES_INVALID_FIELDS,
    PROVIDES_INVALID_FIELDS_TYPE,
    PROVIDES_ON_NON_OBJECT_FIELD,
    PROVIDES_UNSUPPORTED_ON_INTERFACE,
    Diagnostic,
)
from plait_schema.federation import applied, is_applied, written_name
from plait_schema.federation.fields import fields_of
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.field_sets import FieldSetCodes, read_field_set, selected_fields
from plait_schema.subgraph.rules.missing_external import mend, missing_external

_CODES = FieldSetCodes(
    PROVIDES_INVALID_FIELDS_TYPE,
    PROVIDES_INVALID_FIELDS,
    PROVIDES_DIRECTIVE_IN_FIELDS_ARG,
    "If another subgraph resolves the field, add it here, too, and mark it @external.",
)
_COMPOSITE = (ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode, UnionTypeDefinitionNode)


def provides(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A field brings along fields of the type it returns that are otherwise resolved elsewhere."""
    for name, node in subgraph.types.items():
        for field in fields_of(node):
            if not is_applied(field, "provides"):
                continue
            coordinate = f"{name}.{field.name.value}"
            is_composite = isinstance(subgraph.types.get(named_type(field.type).name.value), _COMPOSITE)
            if isinstance(node, InterfaceTypeDefinitionNode) and is_composite:
                yield PROVIDES_UNSUPPORTED_ON_INTERFACE.at(
                    coordinate,
                    f"@provides cannot be used on {coordinate}: no subgraph resolves an interface's field.",
                    locations=subgraph.locate(*applied(field, "provides")),
                    fix="Move it to the fields of the implementations.",
                )
            yield from _provided(field, coordinate, subgraph)


def _provided(field: FieldDefinitionNode, coordinate: str, subgraph: Subgraph) -> Iterator[Diagnostic]:
    returned = named_type(field.type).name.value
    for directive in applied(field, "provides"):
        label = written_name(directive)
        if is_applied(field, "external"):
            message = (
                f"{coordinate} is external, so this subgraph does not resolve it and cannot provide more."
            )
            fix = f"Remove {label} or @external."
            yield EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE.at(
                coordinate, message, locations=subgraph.locate(directive), fix=fix
            )
            continue
        if not isinstance(subgraph.types.get(returned), _COMPOSITE):
            message = f"{label} cannot be used on {coordinate}: {returned} has no fields."
            yield PROVIDES_ON_NON_OBJECT_FIELD.at(
                coordinate, message, locations=subgraph.locate(directive), fix=f"Remove {label}."
            )
            continue
        selection_set, problems = read_field_set(directive, returned, coordinate, subgraph, _CODES)
        yield from problems
        if selection_set is None:
            continue
        for selected in selected_fields(selection_set, returned, subgraph):
            if selected.definition.arguments:
                message = f"{label} cannot provide {selected.coordinate}, which takes arguments."
                yield PROVIDES_FIELDS_HAS_ARGS.at(
                    coordinate, message, locations=subgraph.locate(directive), fix=f"Leave it out of {label}."
                )
        for selected in missing_external(selection_set, returned, subgraph):
            yield PROVIDES_FIELDS_MISSING_EXTERNAL.at(
                coordinate,
                f"{label} provides {selected.coordinate}, which this subgraph resolves anyway.",
                locations=subgraph.locate(directive, selected.definition),
                fix=mend(selected, label, external_if="this subgraph can resolve it only here"),
            )
