from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedInputObject, MergedInputValue
from plait_schema.composition.rules.required import is_required
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    EMPTY_MERGED_INPUT_TYPE,
    INCONSISTENT_INPUT_OBJECT_FIELD,
    REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
    Diagnostic,
)


def input_fields(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An input object keeps the fields that all subgraphs have; a required one must be in all of them.

    Something must be left: a client could not write the object otherwise. An inaccessible field
    need not be everywhere, since no client sends it.
    """
    for type_ in merged.input_objects():
        dropped = [field for field in type_.fields if not field.is_kept]
        required = [field for field in dropped if any(is_required(each.node) for each in field.declared)]
        yield from (_required(type_, field) for field in required)
        if len(dropped) == len(type_.fields):
            yield _empty(type_)
        else:
            yield from (_left_out(field) for field in dropped if field not in required)


def _left_out(field: MergedInputValue) -> Diagnostic:
    return INCONSISTENT_INPUT_OBJECT_FIELD.at(
        field.coordinate,
        f"{field.coordinate} is left out, since it is missing in {named(field.missing_in)}.",
        subgraphs=[*(each.name for each in field.declared), *field.missing_in],
        locations=places(field.declared),
    )


def _required(type_: MergedInputObject, field: MergedInputValue) -> Diagnostic:
    requiring = [each.name for each in field.declared if is_required(each.node)]
    return REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH.at(
        field.coordinate,
        f"{field.coordinate} is required in {named(requiring)} and does not exist in"
        f" {named(field.missing_in)}.",
        subgraphs=[*(each.name for each in field.declared), *field.missing_in],
        locations=[
            *places(field.declared),
            *places(tuple(each for each in type_.declared if each.name in field.missing_in)),
        ],
        fix="Add the field to the other subgraphs, or make it optional.",
    )


def _empty(type_: MergedInputObject) -> Diagnostic:
    return EMPTY_MERGED_INPUT_TYPE.at(
        type_.name,
        f"{named(each.name for each in type_.declared)} have no field of {type_.name} in common.",
        locations=places(type_.declared),
        fix="Add a field to all of them, or give the input objects different names.",
    )
