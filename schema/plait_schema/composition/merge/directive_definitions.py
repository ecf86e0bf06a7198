"""Directives whose definitions the supergraph has: those for operations, and composed ones."""

from collections.abc import Iterator, Sequence

from graphql import DirectiveDefinitionNode, NameNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.arguments import merge_arguments
from plait_schema.composition.merge.composed_directives import ComposedDirectives
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merged import MergedDirective
from plait_schema.federation.directive_locations import executable_locations
from plait_schema.subgraph import Subgraph


def merge_directive_definitions(
    subgraphs: Sequence[Subgraph], composed: ComposedDirectives
) -> tuple[MergedDirective, ...]:
    """Sorted by name. A composed directive is defined as its latest version says."""
    names = sorted({name for subgraph in subgraphs for name in subgraph.directives})
    return tuple(merged for name in names for merged in _merge(name, subgraphs, composed))


def _merge(
    name: str, subgraphs: Sequence[Subgraph], composed: ComposedDirectives
) -> Iterator[MergedDirective]:
    declared = [
        Declared(subgraph, subgraph.directives[name]) for subgraph in subgraphs if name in subgraph.directives
    ]
    if name in composed.directives:
        definition = composed.directives[name].definition
        yield _composed(name, [each for each in declared if each.node is definition], composed)
    elif any(executable_locations(each.node) for each in declared):
        missing = tuple(subgraph.name for subgraph in subgraphs if name not in subgraph.directives)
        yield _executable(name, declared, missing, composed)


def _composed(
    name: str, declared: Sequence[Declared[DirectiveDefinitionNode]], composed: ComposedDirectives
) -> MergedDirective:
    node = declared[0].node
    return MergedDirective(
        name=name,
        description=merge_descriptions(declared),
        arguments=merge_arguments(declared, f"@{name}", composed),
        locations=tuple(_values(node.locations)),
        is_repeatable=node.repeatable,
        is_composed=True,
        declared=tuple(declared),
    )


def _executable(
    name: str,
    declared: Sequence[Declared[DirectiveDefinitionNode]],
    missing: tuple[str, ...],
    composed: ComposedDirectives,
) -> MergedDirective:
    """What all subgraphs understand: the gateway passes the directive on to them."""
    locations = [set(executable_locations(each.node)) for each in declared]
    return MergedDirective(
        name=name,
        description=merge_descriptions(declared),
        arguments=merge_arguments(declared, f"@{name}", composed),
        locations=tuple(sorted(set.intersection(*locations))),
        is_repeatable=all(each.node.repeatable for each in declared),
        is_composed=False,
        declared=tuple(declared),
        missing_in=missing,
    )


def _values(names: Sequence[NameNode]) -> Iterator[str]:
    for name in names:
        yield name.value
