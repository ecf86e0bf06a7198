"""Enums: what becomes of values that not all subgraphs know depends on where the enum is used."""

from collections.abc import Sequence

from graphql import EnumTypeDefinitionNode, EnumValueDefinitionNode

from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.composed_directives import ComposedDirectives
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.usage import TypeUsage
from plait_schema.composition.merged import Declared, MergedEnum, MergedEnumValue


def merge_enum(
    name: str,
    declared: Sequence[Declared[EnumTypeDefinitionNode]],
    usage: TypeUsage,
    composed: ComposedDirectives,
) -> MergedEnum:
    """Used as an input only: the common values. Otherwise all values: a subgraph may return any of its own.

    An enum that is both has all values too, and a rule demands that they are the same everywhere.
    """
    is_input, is_output = name in usage.inputs, name in usage.outputs
    by_name: dict[str, list[Declared[EnumValueDefinitionNode]]] = {}
    for each in declared:
        for node in each.node.values or ():
            by_name.setdefault(node.name.value, []).append(Declared(each.subgraph, node))
    values = tuple(
        _merge_value(name, value, declared, found, composed, needs_all=is_input and not is_output)
        for value, found in by_name.items()
    )
    return MergedEnum(
        name=name,
        description=merge_descriptions(declared),
        directives=merge_applied(declared, composed),
        values=values,
        declared=tuple(declared),
        is_input=is_input,
        is_output=is_output,
    )


def _merge_value(
    enum: str,
    name: str,
    parents: Sequence[Declared[EnumTypeDefinitionNode]],
    declared: Sequence[Declared[EnumValueDefinitionNode]],
    composed: ComposedDirectives,
    *,
    needs_all: bool,
) -> MergedEnumValue:
    present = {each.name for each in declared}
    missing_in = tuple(parent.name for parent in parents if parent.name not in present)
    directives = merge_applied(declared, composed)
    return MergedEnumValue(
        coordinate=f"{enum}.{name}",
        name=name,
        description=merge_descriptions(declared),
        directives=directives,
        declared=tuple(declared),
        missing_in=missing_in,
        is_inaccessible=any(directive.name.value == "inaccessible" for directive in directives),
        is_kept=not (needs_all and missing_in),
    )
