from collections.abc import Iterator

from graphql import NonNullTypeNode

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.visibility import is_hidden, kept_input_values
from plait_schema.diagnostics import REQUIRED_INACCESSIBLE, Diagnostic


def inaccessible_required(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An argument or input field that is required must be visible, or no client could give it.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    for value in kept_input_values(merged):
        if is_hidden(value) and isinstance(value.type, NonNullTypeNode) and value.default is None:
            yield REQUIRED_INACCESSIBLE.at(
                value.coordinate,
                f"{value.coordinate} is @inaccessible, but required.",
                locations=places(value.declared),
                fix="Make it nullable or give it a default value, or hide what it belongs to.",
            )
