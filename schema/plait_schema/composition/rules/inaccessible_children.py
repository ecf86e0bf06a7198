from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedEnum,
    MergedInputObject,
    MergedInterface,
    MergedObject,
    MergedScalar,
    MergedType,
    MergedUnion,
)
from plait_schema.composition.rules.visibility import is_hidden, visible_types
from plait_schema.diagnostics import ONLY_INACCESSIBLE_CHILDREN, Diagnostic


def inaccessible_children(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A visible type must have something visible: GraphQL has no types without fields, members or values.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    for type_ in visible_types(merged):
        what, has_visible = _children(merged, type_)
        if not has_visible:
            yield ONLY_INACCESSIBLE_CHILDREN.at(
                type_.name,
                f"{type_.name} is visible, but all of its {what} are @inaccessible.",
                locations=places(type_.declared),
                fix=f"Make {type_.name} @inaccessible, too, or show one of its {what}.",
            )


def _children(merged: MergedSchema, type_: MergedType) -> tuple[str, bool]:
    """What the type consists of, and whether anything of it can be seen."""
    match type_:
        case MergedObject() | MergedInterface():
            return "fields", any(not is_hidden(field) for field in type_.fields)
        case MergedInputObject():
            return "fields", any(field.is_kept and not is_hidden(field) for field in type_.fields)
        case MergedEnum():
            return "values", any(value.is_kept and not value.is_inaccessible for value in type_.values)
        case MergedUnion():
            members = [merged.types[member] for member in type_.members if member in merged.types]
            return "members", any(not is_hidden(member) for member in members)
        case MergedScalar():
            return "", True
