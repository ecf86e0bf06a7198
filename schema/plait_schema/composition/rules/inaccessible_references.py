from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.visibility import is_hidden, refers_to, visible_typed
from plait_schema.diagnostics import REFERENCED_INACCESSIBLE, Diagnostic


def inaccessible_references(merged: MergedSchema) -> Iterator[Diagnostic]:
    """What is visible must be of a visible type.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    for element in visible_typed(merged):
        name = refers_to(element)
        type_ = merged.types.get(name)
        if type_ is not None and is_hidden(type_):
            yield REFERENCED_INACCESSIBLE.at(
                element.coordinate,
                f"{element.coordinate} is visible, but its type {name} is @inaccessible.",
                locations=[*places(element.declared), *places(type_.declared)],
                fix=f"Make {element.coordinate} @inaccessible, too, or {name} visible.",
            )
