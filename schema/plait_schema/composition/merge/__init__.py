"""Merging: from the subgraphs to one schema, element by element; see `merged` for what comes out.

Merging never fails. Where the subgraphs disagree it takes what the first one says, and the rules, which see
all declarations, say what is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.composed_directives import composed_directives
from plait_schema.composition.merge.context import MergeContext, merge_context
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.directive_definitions import merge_directive_definitions
from plait_schema.composition.merge.enums import keep_values, merge_enum
from plait_schema.composition.merge.inherited_access import inherit_access
from plait_schema.composition.merge.input_objects import merge_input_object
from plait_schema.composition.merge.interface_objects import implement_interface_objects
from plait_schema.composition.merge.interfaces import merge_interface
from plait_schema.composition.merge.kinds import Kind, agreeing
from plait_schema.composition.merge.merged_schema import MergedSchema
from plait_schema.composition.merge.objects import merge_object
from plait_schema.composition.merge.scalars import merge_scalar
from plait_schema.composition.merge.unions import merge_union
from plait_schema.composition.merge.usage import find_usage
from plait_schema.composition.merged import CompositeNode, MergedEnum, MergedType
from plait_schema.subgraph import Subgraph

__all__ = ["MergedSchema", "merge"]


def merge(subgraphs: Iterable[Subgraph], *, before: MergedSchema | None = None) -> MergedSchema:
    """The merged schema of valid subgraphs, whatever their order.

    Types whose subgraphs have not changed since `before` are not merged again.
    """
    ordered = tuple(sorted(subgraphs, key=lambda subgraph: subgraph.name))
    context = merge_context(ordered, composed_directives(ordered))
    declared = _declared_types(ordered)
    directives = merge_directive_definitions(ordered, context.composed)
    alone = _merge_types(declared, context, before)
    types = inherit_access(implement_interface_objects(alone))
    usage = find_usage(types.values(), directives)
    definitions = [Declared(subgraph, subgraph.schema_definition) for subgraph in ordered]
    return MergedSchema(
        subgraphs=ordered,
        context=context,
        types={
            name: keep_values(type_, usage) if isinstance(type_, MergedEnum) else type_
            for name, type_ in types.items()
        },
        directives=directives,
        description=merge_descriptions(definitions),
        applied=merge_applied(definitions, context.composed),
        declared_types=declared,
        alone=alone,
    )


def _merge_types(
    declared: Mapping[str, Sequence[Declared[TypeDefinitionNode]]],
    context: MergeContext,
    before: MergedSchema | None,
) -> Mapping[str, MergedType]:
    if before is None or not context.merges_like(before.context):
        return {name: _merge_type(name, declared[name], context) for name in sorted(declared)}
    return {
        name: before.alone[name]
        if _by_the_same(declared[name], before.declared_types.get(name, ()))
        else _merge_type(name, declared[name], context)
        for name in sorted(declared)
    }


def _by_the_same(
    declared: Sequence[Declared[TypeDefinitionNode]], before: Sequence[Declared[TypeDefinitionNode]]
) -> bool:
    """Are they declarations of the same subgraphs, none of which was loaded again?"""
    return len(declared) == len(before) and all(
        each.subgraph is other.subgraph for each, other in zip(declared, before, strict=True)
    )


def _declared_types(subgraphs: Sequence[Subgraph]) -> Mapping[str, tuple[Declared[TypeDefinitionNode], ...]]:
    found: dict[str, list[Declared[TypeDefinitionNode]]] = {}
    for subgraph in subgraphs:
        for name, node in subgraph.types.items():
            found.setdefault(name, []).append(Declared(subgraph, node))
    return {name: tuple(declared) for name, declared in found.items()}


def _merge_type(
    name: str, declared: Sequence[Declared[TypeDefinitionNode]], context: MergeContext
) -> MergedType:
    kind, agreed = agreeing(declared)
    match kind:  # `agreed` holds only nodes of this kind, which the type checker cannot see
        case Kind.OBJECT:
            return merge_object(name, cast(Sequence[Declared[ObjectTypeDefinitionNode]], agreed), context)
        case Kind.INTERFACE:
            return merge_interface(name, cast(Sequence[Declared[CompositeNode]], agreed), context)
        case Kind.UNION:
            return merge_union(name, cast(Sequence[Declared[UnionTypeDefinitionNode]], agreed), context)
        case Kind.ENUM:
            return merge_enum(name, cast(Sequence[Declared[EnumTypeDefinitionNode]], agreed), context)
        case Kind.INPUT_OBJECT:
            inputs = cast(Sequence[Declared[InputObjectTypeDefinitionNode]], agreed)
            return merge_input_object(name, inputs, context)
        case Kind.SCALAR:
            return merge_scalar(name, cast(Sequence[Declared[ScalarTypeDefinitionNode]], agreed), context)
