from collections.abc import Iterator

from graphql import print_ast

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.type_references import merge_input_types
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    FIELD_ARGUMENT_TYPE_MISMATCH,
    INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE,
    Diagnostic,
)


def argument_types(merged: MergedSchema) -> Iterator[Diagnostic]:
    """Among the types of an argument one must be a subtype of all others: what it takes, all take."""
    for argument in merged.arguments():
        if not argument.is_kept:
            continue
        types = [each.node.type for each in argument.declared]
        written = {each.name: print_ast(each.node.type) for each in argument.declared}
        if merge_input_types(types) is None:
            yield FIELD_ARGUMENT_TYPE_MISMATCH.at(
                argument.coordinate,
                f"The types of {argument.coordinate} do not fit together: {who_says_what(written)}.",
                locations=places(argument.declared),
                fix="Give the argument the same type in all subgraphs.",
            )
        elif len(set(written.values())) > 1:
            yield INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE.at(
                argument.coordinate,
                f"{argument.coordinate} is {who_says_what(written)}; clients see {print_ast(argument.type)}.",
                locations=places(argument.declared),
            )
