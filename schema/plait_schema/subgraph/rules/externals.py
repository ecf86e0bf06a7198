"""`@external`: https://www.apollographql.com/docs/graphos/reference/federation/directives#external."""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.diagnostics import EXTERNAL_ON_INTERFACE, EXTERNAL_UNUSED, Diagnostic
from plait_schema.federation import applied, is_applied
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.usage import used_fields


def externals(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """An external field is there to be used, and only a field of an object can be resolved elsewhere.

    One that provides others cannot be external at all, which another rule says.
    """
    used = used_fields(subgraph.types, subgraph.schema)
    for name, node in subgraph.types.items():
        for field in fields_of(node):
            if not (external := applied(field, "external")):
                continue
            coordinate = f"{name}.{field.name.value}"
            if isinstance(node, InterfaceTypeDefinitionNode):
                message = f"{coordinate} cannot be external: no subgraph resolves an interface's field."
                fix = "Mark the fields of the implementations instead."
                yield EXTERNAL_ON_INTERFACE.at(
                    coordinate, message, locations=subgraph.locate(*external), fix=fix
                )
            if (name, field.name.value) not in used and not is_applied(field, "provides"):
                yield EXTERNAL_UNUSED.at(
                    coordinate,
                    f"{coordinate} is external, but no key, @requires, @provides, context or interface of "
                    "this subgraph uses it.",
                    locations=subgraph.locate(*external),
                    fix="Remove the field, or @external if this subgraph resolves it.",
                )
