from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.sdl.links import Links, links_of
from plait_schema.diagnostics import DIRECTIVE_DEFINITION_INVALID, TYPE_DEFINITION_INVALID, Diagnostic

_ALWAYS_LINKED = ("join__", "link__")


def reserved_names(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The names of the supergraph's own machinery cannot stand for anything else.

    https://specs.apollo.dev/link/v1.0: a linked specification owns the names that begin with its own.
    """
    types = [name for name in merged.declared_types if "__" in name]
    if not types and not merged.directives:
        return
    links = links_of(merged)
    for name in types:
        if name.startswith(_ALWAYS_LINKED) or name in links.types:
            yield TYPE_DEFINITION_INVALID.at(
                name,
                f"{name} is the name of a type that the supergraph needs for itself, or begins like these.",
                locations=places(merged.declared_types[name]),
                fix="Rename the type.",
            )
    yield from _directives(merged, links)


def _directives(merged: MergedSchema, links: Links) -> Iterator[Diagnostic]:
    for directive in merged.directives:
        if directive.is_kept and (
            directive.name in links.directives or directive.name.startswith(_ALWAYS_LINKED)
        ):
            yield DIRECTIVE_DEFINITION_INVALID.at(
                directive.coordinate,
                f"{directive.coordinate} is the name of a directive that the supergraph needs for itself,"
                " or begins like these.",
                locations=places(directive.declared),
                fix="Rename the directive.",
            )
