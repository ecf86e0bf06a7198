from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.required import is_required
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    INCONSISTENT_ARGUMENT_PRESENCE,
    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
    Diagnostic,
)


def argument_presence(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A required argument must be in all subgraphs that resolve the field.

    An optional argument that one of them lacks is left out of the supergraph: it could not be passed on.
    """
    for argument in merged.arguments():
        if not argument.missing_in or argument.contextual_in:
            continue
        present = [each.name for each in argument.declared]
        if requiring := [each for each in argument.declared if is_required(each.node)]:
            yield REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH.at(
                argument.coordinate,
                f"{argument.coordinate} is required in {named(each.name for each in requiring)}"
                f" and does not exist in {named(argument.missing_in)}.",
                subgraphs=[*present, *argument.missing_in],
                locations=places(argument.declared),
                fix="Add the argument to the other subgraphs, or make it optional.",
            )
        else:
            yield INCONSISTENT_ARGUMENT_PRESENCE.at(
                argument.coordinate,
                f"{argument.coordinate} is left out, since it is missing in {named(argument.missing_in)}.",
                subgraphs=[*present, *argument.missing_in],
                locations=places(argument.declared),
            )
