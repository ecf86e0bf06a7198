"""Which directives an element of the supergraph carries, given what the subgraphs apply to it.

Apart from tag, inaccessible, authorization and cost, only GraphQL's own directives and those that
@composeDirective names come through; all others are the subgraph's own business.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from graphql import ConstArgumentNode, ConstDirectiveNode, ConstValueNode, NameNode, Node, print_ast

from plait_schema.composition.merge.argument_strategies import STRATEGIES
from plait_schema.composition.merge.composed_directives import ComposedDirectives
from plait_schema.composition.merged import Declared

FEDERATION: Final = frozenset(
    {"tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize"}
)
GRAPHQL: Final = frozenset({"deprecated", "specifiedBy", "oneOf"})


def is_merged(subgraph: str, directive: str, composed: ComposedDirectives) -> bool:
    """Does this subgraph's application of the directive reach the supergraph?"""
    return directive in FEDERATION or directive in GRAPHQL or composed.is_composed(subgraph, directive)


def merge_applied(
    declared: Iterable[Declared[Node]], composed: ComposedDirectives
) -> tuple[ConstDirectiveNode, ...]:
    """The merged applications, by directive name.

    A repeatable directive keeps every distinct application. Of another one there is a single application,
    whose arguments are merged where the directive has a strategy for them, or the most common ones.
    """
    merged: list[ConstDirectiveNode] = []
    for name, applications in merged_applications(declared, composed).items():
        if name == "tag" or composed.is_repeatable(name):
            merged += _distinct(applications)
        else:
            merged.append(merge_applications(applications))
    return tuple(merged)


def merged_applications(
    declared: Iterable[Declared[Node]], composed: ComposedDirectives
) -> Mapping[str, tuple[ConstDirectiveNode, ...]]:
    """All applications that take part in merging, grouped by directive name and in subgraph order."""
    found = [
        directive
        for each in declared
        for directive in getattr(each.node, "directives", None) or ()
        if is_merged(each.name, directive.name.value, composed)
    ]
    by_name = sorted(found, key=_name)  # stable: the subgraphs' order is kept
    return {name: tuple(applications) for name, applications in groupby(by_name, key=_name)}


def merge_applications(applications: Sequence[ConstDirectiveNode]) -> ConstDirectiveNode:
    """One application of a directive that is not repeatable."""
    distinct = _distinct(applications)
    name = applications[0].name.value
    if len(distinct) == 1:
        return applications[0]
    if name not in STRATEGIES:
        counted = Counter(arguments_as_text(each) for each in applications)
        return max(applications, key=lambda each: counted[arguments_as_text(each)])
    merged = [
        (argument, merge([value for each in applications for value in _values(each, argument)]))
        for argument, merge in STRATEGIES[name].items()
        if any(True for each in applications for _ in _values(each, argument))
    ]
    return ConstDirectiveNode(
        name=NameNode(value=name),
        arguments=tuple(ConstArgumentNode(name=NameNode(value=key), value=value) for key, value in merged),
    )


def arguments_as_text(directive: ConstDirectiveNode) -> str:
    """The arguments, sorted and printed: equal texts are equal applications."""
    arguments = sorted(directive.arguments or (), key=lambda argument: argument.name.value)
    return ", ".join(print_ast(argument) for argument in arguments)


def _distinct(applications: Sequence[ConstDirectiveNode]) -> list[ConstDirectiveNode]:
    return list({arguments_as_text(each): each for each in reversed(applications)}.values())[::-1]


def _values(directive: ConstDirectiveNode, argument: str) -> list[ConstValueNode]:
    return [each.value for each in directive.arguments or () if each.name.value == argument]


def _name(directive: ConstDirectiveNode) -> str:
    return directive.name.value
