from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedEnum,
    MergedInputObject,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.composition.rules.visibility import is_hidden
from plait_schema.contract import Contract


def emptied(merged: MergedSchema, contract: Contract) -> frozenset[str]:
    """A type of which all fields or values are hidden is hidden, too.

    Not so a union: its tags choose it, so that one without members is an error.
    """
    return frozenset(type_.coordinate for type_ in merged.types.values() if _is_emptied(type_))


def _is_emptied(type_: MergedType) -> bool:
    match type_:
        case MergedObject() | MergedInterface():
            return all(is_hidden(field) for field in type_.fields)
        case MergedInputObject():
            return all(is_hidden(field) for field in type_.fields if field.is_kept)
        case MergedEnum():
            return all(value.is_inaccessible for value in type_.values if value.is_kept)
        case _:
            return False
