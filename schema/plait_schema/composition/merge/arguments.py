"""Arguments and fields of input objects: only what all subgraphs have is kept."""

from collections.abc import Sequence
from dataclasses import replace

from graphql import InputValueDefinitionNode, Node

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.composed_directives import ComposedDirectives
from plait_schema.composition.merge.defaults import merge_defaults
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.type_references import merge_input_types
from plait_schema.composition.merged import MergedInputValue
from plait_schema.federation import is_applied


def merge_arguments(
    parents: Sequence[Declared[Node]], coordinate: str, composed: ComposedDirectives
) -> tuple[MergedInputValue, ...]:
    """The arguments of a field or directive; `coordinate` is the parent's.

    A contextual argument is not kept: the gateway fills it, not the client.
    """
    merged = _merge_all(parents, "arguments", coordinate + "({}:)", composed)
    return tuple(
        replace(argument, is_kept=not argument.missing_in and not argument.contextual_in)
        for argument in merged
    )


def merge_input_fields(
    parents: Sequence[Declared[Node]], coordinate: str, composed: ComposedDirectives
) -> tuple[MergedInputValue, ...]:
    """The fields of an input object. An inaccessible one is sent by nobody, so not all need to know it."""
    merged = _merge_all(parents, "fields", coordinate + ".{}", composed)
    return tuple(replace(field, is_kept=not field.missing_in or _is_inaccessible(field)) for field in merged)


def _is_inaccessible(value: MergedInputValue) -> bool:
    return any(directive.name.value == "inaccessible" for directive in value.directives)


def _merge_all(
    parents: Sequence[Declared[Node]], children: str, coordinate: str, composed: ComposedDirectives
) -> tuple[MergedInputValue, ...]:
    by_name: dict[str, list[Declared[InputValueDefinitionNode]]] = {}
    for parent in parents:
        for node in getattr(parent.node, children) or ():
            by_name.setdefault(node.name.value, []).append(Declared(parent.subgraph, node))
    return tuple(
        _merge(name, coordinate.format(name), parents, declared, composed)
        for name, declared in by_name.items()
    )


def _merge(
    name: str,
    coordinate: str,
    parents: Sequence[Declared[Node]],
    declared: Sequence[Declared[InputValueDefinitionNode]],
    composed: ComposedDirectives,
) -> MergedInputValue:
    present = {each.name for each in declared}
    types = [each.node.type for each in declared]
    return MergedInputValue(
        coordinate=coordinate,
        name=name,
        type=merge_input_types(types) or types[0],
        default=merge_defaults(declared),
        description=merge_descriptions(declared),
        directives=merge_applied(declared, composed),
        declared=tuple(declared),
        missing_in=tuple(parent.name for parent in parents if parent.name not in present),
        contextual_in=tuple(each.name for each in declared if is_applied(each.node, "fromContext")),
    )
