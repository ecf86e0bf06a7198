from collections.abc import Iterator

from graphql import TypeNode, print_ast

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.type_references import merge_input_types, merge_output_types
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    FIELD_TYPE_MISMATCH,
    INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE,
    Diagnostic,
)


def field_types(merged: MergedSchema) -> Iterator[Diagnostic]:
    """Among the types of a field one must be such that all others are subtypes of it.

    A subtype is a non-null type of a nullable one, or a possible type of an interface or union.
    """
    for field in merged.fields():
        owners = field.owners
        types = {owner.subgraph: owner.node.type for owner in owners}
        merges = merge_output_types(list(types.values()), merged.context.is_subtype) if types else None
        declared = tuple(owner.declared for owner in owners)
        written = _written(types)
        if types and merges is None:
            yield FIELD_TYPE_MISMATCH.at(
                field.coordinate,
                f"The types of {field.coordinate} do not fit together: {who_says_what(written)}.",
                locations=places(declared),
                fix="Give the field the same type in all subgraphs.",
            )
        elif len(set(written.values())) > 1:
            yield INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE.at(
                field.coordinate,
                f"{field.coordinate} is {who_says_what(written)}; clients see {print_ast(field.type)}.",
                locations=places(declared),
            )


def input_field_types(merged: MergedSchema) -> Iterator[Diagnostic]:
    """Among the types of an input field one must be a subtype of all others: what it takes, all take."""
    for field in merged.input_fields():
        types = {each.name: each.node.type for each in field.declared}
        written = _written(types)
        if merge_input_types(list(types.values())) is None:
            yield FIELD_TYPE_MISMATCH.at(
                field.coordinate,
                f"The types of {field.coordinate} do not fit together: {who_says_what(written)}.",
                locations=places(field.declared),
                fix="Give the field the same type in all subgraphs.",
            )
        elif len(set(written.values())) > 1:
            yield INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE.at(
                field.coordinate,
                f"{field.coordinate} is {who_says_what(written)}; clients see {print_ast(field.type)}.",
                locations=places(field.declared),
            )


def _written(types: dict[str, TypeNode]) -> dict[str, str]:
    return {subgraph: print_ast(type_) for subgraph, type_ in types.items()}
