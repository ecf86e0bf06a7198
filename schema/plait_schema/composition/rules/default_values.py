from collections.abc import Iterator

from graphql import print_ast

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.defaults import defaults_disagree
from plait_schema.composition.merged import MergedInputValue
from plait_schema.composition.rules.wording import named, who_says_what
from plait_schema.diagnostics import (
    FIELD_ARGUMENT_DEFAULT_MISMATCH,
    INCONSISTENT_DEFAULT_VALUE_PRESENCE,
    INPUT_FIELD_DEFAULT_MISMATCH,
    Code,
    Diagnostic,
)


def default_values(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The default value of an argument or input field must be the same in all subgraphs that have one.

    Where one of them has none, the supergraph has none: leaving the value out would mean different things.
    """
    for argument in merged.arguments():
        if argument.is_kept:
            yield from _check(argument, FIELD_ARGUMENT_DEFAULT_MISMATCH)
    for field in merged.input_fields():
        yield from _check(field, INPUT_FIELD_DEFAULT_MISMATCH)


def _check(value: MergedInputValue, mismatch: Code) -> Iterator[Diagnostic]:
    defaults = {
        each.name: print_ast(each.node.default_value)
        for each in value.declared
        if each.node.default_value is not None
    }
    if defaults_disagree(value.declared):
        yield mismatch.at(
            value.coordinate,
            f"The default values of {value.coordinate} differ: {who_says_what(defaults)}.",
            locations=places(value.declared),
            fix="Give it the same default value in all subgraphs.",
        )
    elif defaults and len(defaults) < len(value.declared) and value.is_kept:
        lacking = [each.name for each in value.declared if each.name not in defaults]
        yield INCONSISTENT_DEFAULT_VALUE_PRESENCE.at(
            value.coordinate,
            f"The default value of {value.coordinate} is left out: {who_says_what(defaults)},"
            f" none in {named(lacking)}.",
            locations=places(value.declared),
        )
