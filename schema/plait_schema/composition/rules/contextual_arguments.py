from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.required import is_required
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    CONTEXTUAL_ARGUMENT_DROPPED,
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
    Diagnostic,
)


def contextual_arguments(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An argument that comes from a context in one subgraph is no client's to give in another.

    Clients do not see it at all; where another subgraph has it as a required one, nothing could fill it.
    """
    for argument in merged.arguments():
        others = [each for each in argument.declared if each.name not in argument.contextual_in]
        if not argument.contextual_in or not others:
            continue
        if requiring := [each for each in others if is_required(each.node)]:
            yield CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS.at(
                argument.coordinate,
                f"{argument.coordinate} comes from a context in {named(argument.contextual_in)}"
                f" and is required in {named(each.name for each in requiring)}.",
                locations=places(argument.declared),
                fix="Use @fromContext in all subgraphs, or make the argument optional.",
            )
        else:
            yield CONTEXTUAL_ARGUMENT_DROPPED.at(
                argument.coordinate,
                f"{argument.coordinate} comes from a context in {named(argument.contextual_in)};"
                f" nothing gives it to {named(each.name for each in others)}.",
                locations=places(argument.declared),
            )
