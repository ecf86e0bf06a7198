from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedEnum, MergedEnumValue
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    EMPTY_MERGED_ENUM_TYPE,
    ENUM_VALUE_MISMATCH,
    INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM,
    INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM,
    UNUSED_ENUM_TYPE,
    Code,
    Diagnostic,
)


def enum_values(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An enum used as input and output must have the same values everywhere.

    A client could otherwise send a value that the receiving subgraph does not know. An inaccessible value is
    sent by nobody. An enum used as input only keeps the common values, and there must be one.
    """
    for enum in merged.enums():
        if not enum.is_input and not enum.is_output:
            yield UNUSED_ENUM_TYPE.at(
                enum.name,
                f"{enum.name} is used nowhere; it gets the values of all subgraphs.",
                locations=places(enum.declared),
            )
        if enum.is_input and not any(value.is_kept for value in enum.values):
            yield _empty(enum)
        else:
            for value in enum.values:
                if value.missing_in and (not enum.is_input or not value.is_inaccessible):
                    yield _inconsistent(enum, value)


def _inconsistent(enum: MergedEnum, value: MergedEnumValue) -> Diagnostic:
    here, there = named(each.name for each in value.declared), named(value.missing_in)
    code: Code
    fix: str | None = None
    if enum.is_input and enum.is_output:
        code = ENUM_VALUE_MISMATCH
        message = (
            f"{enum.name} is used as input and output, and {value.coordinate} is defined in {here},"
            f" not in {there}."
        )
        fix = f"Add the value to {there}, or make it @inaccessible until all subgraphs have it."
    elif enum.is_input:
        code = INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM
        message = f"{value.coordinate} is left out, since it is missing in {there}."
    else:
        code = INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM
        message = f"{value.coordinate} is defined in {here}, not in {there}."
    return code.at(
        value.coordinate,
        message,
        subgraphs=[*(each.name for each in value.declared), *value.missing_in],
        locations=[
            *places(value.declared),
            *places(tuple(each for each in enum.declared if each.name in value.missing_in)),
        ],
        fix=fix,
    )


def _empty(enum: MergedEnum) -> Diagnostic:
    return EMPTY_MERGED_ENUM_TYPE.at(
        enum.name,
        f"{named(each.name for each in enum.declared)} have no value of {enum.name} in common.",
        locations=places(enum.declared),
        fix="Add a value to all of them, or give the enums different names.",
    )
