from collections.abc import Iterator, Sequence

from graphql import Node

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.applied_directives import (
    arguments_as_text,
    merge_applications,
    merged_applications,
)
from plait_schema.composition.merge.argument_strategies import STRATEGIES
from plait_schema.composition.merge.inherited_access import ACCESS, implementations_of
from plait_schema.composition.merged import MergedField, MergedInterface, MergedObject, merged_declarations
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
    MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
    Diagnostic,
)


def directive_arguments(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A directive that is not repeatable stands once in the supergraph, with one set of arguments.

    Scopes, policies and costs are merged. Of other directives the most common arguments are taken, of
    composed ones among the subgraphs that compose it.
    """
    for element in merged.elements():
        declared = merged_declarations(element)
        if len(declared) > 1:
            yield from _check(merged, element.coordinate, declared)
    yield from _inherited(merged)


def _inherited(merged: MergedSchema) -> Iterator[Diagnostic]:
    """Interfaces and their fields ask for all that their implementations ask for."""
    implementations = implementations_of(merged.types.values())
    for interface in merged.interfaces():
        types = implementations.get(interface.name, [])
        yield from _differing(interface, types)
        fields: dict[str, list[MergedField]] = {}
        for type_ in types:
            for own in type_.fields:
                fields.setdefault(own.name, []).append(own)
        for field in interface.fields:
            yield from _differing(field, fields.get(field.name, []))


def _differing(
    element: MergedInterface | MergedField, implementations: Sequence[MergedObject | MergedField]
) -> Iterator[Diagnostic]:
    for name in sorted(ACCESS & STRATEGIES.keys()):
        said = {
            each.coordinate: f"({arguments_as_text(directive)})"
            for each in implementations
            for directive in each.directives
            if directive.name.value == name
        }
        if len(set(said.values())) > 1:
            yield MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS.at(
                element.coordinate,
                f"What implements {element.coordinate} has different @{name}: {who_says_what(said)}."
                f" {element.coordinate} asks for all of them together.",
                locations=[place for each in implementations for place in places(each.declared)],
            )


def _check(
    merged: MergedSchema, coordinate: str, declared: tuple[Declared[Node], ...]
) -> Iterator[Diagnostic]:
    composed = merged.context.composed
    for name, applications in merged_applications(declared, composed).items():
        if name == "tag" or composed.is_repeatable(name):
            continue
        defaults = composed.defaults(name)
        applied = tuple(
            Declared(each.subgraph, directive)
            for each in declared
            for directive in getattr(each.node, "directives", None) or ()
            if directive.name.value == name
        )
        if len({arguments_as_text(each.node, defaults) for each in applied}) == 1:
            continue
        said = {each.name: f"({arguments_as_text(each.node)})" for each in applied}
        result = arguments_as_text(merge_applications(applications, defaults))
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
