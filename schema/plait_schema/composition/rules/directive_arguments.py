from collections.abc import Iterator

from graphql import Node

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.applied_directives import (
    arguments_as_text,
    is_merged,
    merge_applications,
    merged_applications,
)
from plait_schema.composition.merge.argument_strategies import STRATEGIES
from plait_schema.composition.merged import Declared, merged_declarations, places
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
    MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
    Diagnostic,
)


def directive_arguments(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A directive that is not repeatable stands once in the supergraph, with one set of arguments.

    Scopes, policies and costs are merged. Of other directives the most common arguments are taken.
    """
    for element in merged.elements():
        declared = merged_declarations(element)
        if len(declared) > 1:
            yield from _check(merged, element.coordinate, declared)


def _check(
    merged: MergedSchema, coordinate: str, declared: tuple[Declared[Node], ...]
) -> Iterator[Diagnostic]:
    composed = merged.context.composed
    for name, applications in merged_applications(declared, composed).items():
        distinct = {arguments_as_text(each) for each in applications}
        if len(distinct) == 1 or name == "tag" or composed.is_repeatable(name):
            continue
        applied = tuple(
            Declared(each.subgraph, directive)
            for each in declared
            for directive in getattr(each.node, "directives", None) or ()
            if directive.name.value == name and is_merged(each.name, name, composed)
        )
        said = {each.name: f"({arguments_as_text(each.node)})" for each in applied}
        result = arguments_as_text(merge_applications(applications))
        code = (
            MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS
            if name in STRATEGIES
            else INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS
        )
        yield code.at(
            coordinate,
            f"@{name} on {coordinate} differs: {who_says_what(said)}. The supergraph has @{name}({result}).",
            locations=places(applied),
        )
