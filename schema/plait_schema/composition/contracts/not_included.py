from collections.abc import Iterator

from plait_schema.composition.contracts.tags import tags_of
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedInterface, MergedObject, MergedUnion
from plait_schema.contract import Contract


def not_included(merged: MergedSchema, contract: Contract) -> frozenset[str]:
    """Where tags are included, unions and the fields of objects and interfaces need one of them.

    A tag on an object type or interface counts for all its fields. Arguments, scalars, enums and input
    objects belong to what uses them: they are hidden by excluded tags only, or as unreachable.
    """
    return frozenset(_hidden(merged, contract)) if contract.include else frozenset()


def _hidden(merged: MergedSchema, contract: Contract) -> Iterator[str]:
    for type_ in merged.types.values():
        if contract.include & tags_of(type_):
            continue
        match type_:
            case MergedUnion():
                yield type_.coordinate
            case MergedObject() | MergedInterface():
                for field in type_.fields:
                    if not contract.include & tags_of(field):
                        yield field.coordinate
