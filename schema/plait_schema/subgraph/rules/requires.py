"""`@requires`: https://www.apollographql.com/docs/graphos/reference/federation/directives#requires."""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.diagnostics import (
    REQUIRES_DIRECTIVE_IN_FIELDS_ARG,
    REQUIRES_FIELDS_MISSING_EXTERNAL,
    REQUIRES_INVALID_FIELDS,
    REQUIRES_INVALID_FIELDS_TYPE,
    REQUIRES_UNSUPPORTED_ON_INTERFACE,
    Diagnostic,
)
from plait_schema.federation import applied, written_name
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.field_sets import FieldSetCodes, conflict_in, read_field_set
from plait_schema.subgraph.rules.missing_external import mend, missing_external

_CODES = FieldSetCodes(
    REQUIRES_INVALID_FIELDS_TYPE,
    REQUIRES_INVALID_FIELDS,
    REQUIRES_DIRECTIVE_IN_FIELDS_ARG,
    "If another subgraph resolves the field, add it here, too, and mark it @external.",
)


def requires(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A field requires fields of its own type that other subgraphs resolve, which `@external` says."""
    for name, node in subgraph.types.items():
        for field in fields_of(node):
            coordinate = f"{name}.{field.name.value}"
            for directive in applied(field, "requires"):
                label = written_name(directive)
                if isinstance(node, InterfaceTypeDefinitionNode):
                    message = (
                        f"{label} cannot be used on {coordinate}: no subgraph resolves an interface's field."
                    )
                    fix = "Move it to the fields of the implementations."
                    yield REQUIRES_UNSUPPORTED_ON_INTERFACE.at(
                        coordinate, message, locations=subgraph.locate(directive), fix=fix
                    )
                selection_set, problems = read_field_set(directive, name, coordinate, subgraph, _CODES)
                yield from problems
                if selection_set is None:
                    continue
                if conflict := conflict_in(selection_set, name, subgraph.schema):
                    message = f"{label} asks for one field in two ways: {conflict}"
                    yield REQUIRES_INVALID_FIELDS.at(
                        coordinate, message, locations=subgraph.locate(directive)
                    )
                for selected in missing_external(selection_set, name, subgraph):
                    yield REQUIRES_FIELDS_MISSING_EXTERNAL.at(
                        coordinate,
                        f"{label} asks for {selected.coordinate}, which this subgraph resolves itself.",
                        locations=subgraph.locate(directive, selected.definition),
                        fix=mend(selected, label, external_if="another subgraph resolves it"),
                    )
