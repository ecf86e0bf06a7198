from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedElement, MergedEnum, MergedInputObject, MergedType
from plait_schema.composition.rules.visibility import is_inaccessible
from plait_schema.diagnostics import DISALLOWED_INACCESSIBLE, Diagnostic


def inaccessible_disallowed(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A composed directive and what belongs to its specification cannot be inaccessible.

    Clients do not see them at all. https://specs.apollo.dev/inaccessible/v0.2
    """
    for element in _of_specifications(merged):
        if is_inaccessible(element.directives):
            yield DISALLOWED_INACCESSIBLE.at(
                element.coordinate,
                f"{element.coordinate} is @inaccessible, but it belongs to a composed directive, which is for"
                f" the gateway, not for clients.",
                locations=places(element.declared),
                fix="Remove @inaccessible.",
            )


def _of_specifications(merged: MergedSchema) -> Iterator[MergedElement]:
    for directive in merged.directives:
        if directive.is_composed:
            yield from directive.arguments
    composed = merged.context.composed.directives.values()
    prefixes = tuple({f"{directive.latest.namespace}__" for directive in composed})
    for type_ in merged.types.values():
        if type_.name.startswith(prefixes):
            yield type_
            yield from _children(type_)


def _children(type_: MergedType) -> Iterator[MergedElement]:
    match type_:
        case MergedEnum():
            yield from type_.values
        case MergedInputObject():
            yield from type_.fields
