from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.visibility import refers_to, visible_typed
from plait_schema.composition.sdl.links import links_of
from plait_schema.diagnostics import REFERENCED_INACCESSIBLE, Diagnostic


def reserved_references(merged: MergedSchema) -> Iterator[Diagnostic]:
    """What is visible cannot be of a type that belongs to a linked specification: clients do not see these.

    https://specs.apollo.dev/link/v1.0
    """
    if not any("__" in name for name in merged.types):
        return
    owned = tuple(f"{namespace}__" for namespace in links_of(merged).namespaces)
    for element in visible_typed(merged):
        name = refers_to(element)
        if name.startswith(owned) and not element.coordinate.startswith((*owned, "@")):
            yield REFERENCED_INACCESSIBLE.at(
                element.coordinate,
                f"{element.coordinate} is visible, but its type {name} belongs to the specification"
                f" {name.partition('__')[0]!r}, which the supergraph links, so clients do not see it.",
                locations=[*places(element.declared), *places(merged.declared_types.get(name, ()))],
                fix=f"Rename {name}.",
            )
