from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedDirective
from plait_schema.composition.rules.wording import named, who_says_what
from plait_schema.diagnostics import (
    INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS,
    INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE,
    INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE,
    NO_EXECUTABLE_DIRECTIVE_INTERSECTION,
    Diagnostic,
)
from plait_schema.federation.directive_locations import executable_locations


def executable_directives(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A directive for operations is passed on to the subgraphs, so all of them must understand it.

    The supergraph has what the definitions have in common; where that is nothing, not the directive.
    """
    for directive in merged.directives:
        if not directive.is_composed:
            yield from _check(directive, [subgraph.name for subgraph in merged.subgraphs])


def _is_exhausted_before(directive: MergedDirective, subgraph: str) -> bool:
    """Whether the subgraphs up to this one, in order of name, have no location in common."""
    before = [set(executable_locations(each.node)) for each in directive.declared if each.name < subgraph]
    return bool(before) and not set.intersection(*before)


def _check(directive: MergedDirective, subgraphs: list[str]) -> Iterator[Diagnostic]:
    name, where = directive.coordinate, places(directive.declared)
    if directive.missing_in and not _is_exhausted_before(directive, directive.missing_in[0]):
        yield INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE.at(
            name,
            f"{name} is left out, since it is not defined in {named(directive.missing_in)}.",
            subgraphs=subgraphs,
            locations=where,
        )
        return
    said = {each.name: " | ".join(executable_locations(each.node)) for each in directive.declared}
    if not directive.locations:
        yield NO_EXECUTABLE_DIRECTIVE_INTERSECTION.at(
            name,
            f"{name} is left out, since its locations have nothing in common: {who_says_what(said)}.",
            locations=where,
        )
        return
    if len(set(said.values())) > 1:
        yield INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS.at(
            name,
            f"{name} is allowed on {who_says_what(said)};"
            f" in the supergraph on {' | '.join(directive.locations)}.",
            locations=where,
        )
    single = [each.name for each in directive.declared if not each.node.repeatable]
    if single and len(single) < len(directive.declared):
        yield INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE.at(
            name,
            f"{name} is not repeatable, since it is not in {named(single)}.",
            locations=where,
        )
