"""Enums: what becomes of values that not all subgraphs know depends on where the enum is used."""

from collections.abc import Sequence
from dataclasses import replace

from graphql import EnumTypeDefinitionNode, EnumValueDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.usage import TypeUsage
from plait_schema.composition.merged import MergedEnum, MergedEnumValue


def merge_enum(
    name: str, declared: Sequence[Declared[EnumTypeDefinitionNode]], context: MergeContext
) -> MergedEnum:
    """The enum with the values of all subgraphs; `keep_values` then looks at its use."""
    by_name: dict[str, list[Declared[EnumValueDefinitionNode]]] = {}
    for each in declared:
        for node in each.node.values or ():
            by_name.setdefault(node.name.value, []).append(Declared(each.subgraph, node))
    return MergedEnum(
        name=name,
        description=merge_descriptions(declared),
        directives=merge_applied(declared, context.composed),
        values=tuple(_merge_value(name, value, declared, by_name[value], context) for value in by_name),
        declared=tuple(declared),
    )


def keep_values(enum: MergedEnum, usage: TypeUsage) -> MergedEnum:
    """Used as an input only: the common values. Otherwise all values: a subgraph may return any of its own.

    An enum that is both has all values too, and a rule demands that they are the same everywhere. Values
    that are inaccessible are sent by nobody, so they need not be everywhere.
    """
    is_input, is_output = enum.name in usage.inputs, enum.name in usage.outputs
    needs_all = is_input and not is_output
    values = tuple(
        replace(value, is_kept=not needs_all or not value.missing_in or value.is_inaccessible)
        for value in enum.values
    )
    return replace(enum, values=values, is_input=is_input, is_output=is_output)


def _merge_value(
    enum: str,
    name: str,
    parents: Sequence[Declared[EnumTypeDefinitionNode]],
    declared: Sequence[Declared[EnumValueDefinitionNode]],
    context: MergeContext,
) -> MergedEnumValue:
    present = {each.name for each in declared}
    directives = merge_applied(declared, context.composed)
    return MergedEnumValue(
        coordinate=f"{enum}.{name}",
        name=name,
        description=merge_descriptions(declared),
        directives=directives,
        declared=tuple(declared),
        missing_in=tuple(parent.name for parent in parents if parent.name not in present),
        is_inaccessible=any(directive.name.value == "inaccessible" for directive in directives),
    )
