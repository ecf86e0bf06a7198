from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import places
from plait_schema.composition.rules.visibility import is_hidden
from plait_schema.diagnostics import DISALLOWED_INACCESSIBLE, Diagnostic


def inaccessible_disallowed(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An argument of a composed directive cannot be inaccessible: clients do not see the directive at all.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    for directive in merged.directives:
        if directive.is_composed:
            for argument in directive.arguments:
                if is_hidden(argument):
                    yield DISALLOWED_INACCESSIBLE.at(
                        argument.coordinate,
                        f"{argument.coordinate} is @inaccessible, but @{directive.name} is composed for"
                        f" the gateway, not for clients.",
                        locations=places(argument.declared),
                        fix="Remove @inaccessible.",
                    )
