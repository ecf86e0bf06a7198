"""Which directives an element of the supergraph carries, given what the subgraphs apply to it.

Apart from tag, inaccessible, authorization and cost, only GraphQL's own directives and those that
@composeDirective names come through; all others are the subgraph's own business.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from graphql import (
    DEFAULT_DEPRECATION_REASON,
    ConstArgumentNode,
    ConstDirectiveNode,
    ConstValueNode,
    NameNode,
    Node,
    print_ast,
)

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.argument_strategies import STRATEGIES
from plait_schema.composition.merge.composed_directives import ComposedDirectives

FEDERATION: Final = frozenset(
    {"tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize"}
)
GRAPHQL: Final = frozenset({"deprecated", "specifiedBy", "oneOf"})
_DEFAULTS: Final = {
    "deprecated": {"reason": f'"{DEFAULT_DEPRECATION_REASON}"'},
    "listSize": {"requireOneSlicingArgument": "true"},
}


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
            merged += _distinct(applications, composed.defaults(name))
        else:
            merged.append(merge_applications(applications, composed.defaults(name)))
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


def merge_applications(
    applications: Sequence[ConstDirectiveNode], defaults: Mapping[str, ConstValueNode] | None = None
) -> ConstDirectiveNode:
    """One application of a directive that is not repeatable; `defaults` are those of a composed one."""
    name = applications[0].name.value
    if len(_distinct(applications, defaults)) == 1:
        return applications[0]
    if name not in STRATEGIES:
        texts = [arguments_as_text(each, defaults) for each in applications]
        counted = Counter(texts)
        return max(zip(applications, texts, strict=True), key=lambda each: counted[each[1]])[0]
    merged = [
        (argument, merge([value for each in applications for value in _values(each, argument)]))
        for argument, merge in STRATEGIES[name].items()
        if any(True for each in applications for _ in _values(each, argument))
    ]
    return ConstDirectiveNode(
        name=NameNode(value=name),
        arguments=tuple(ConstArgumentNode(name=NameNode(value=key), value=value) for key, value in merged),
    )


def arguments_as_text(
    directive: ConstDirectiveNode, defaults: Mapping[str, ConstValueNode] | None = None
) -> str:
    """The arguments but default values, sorted and printed: equal texts are equal applications."""
    implied = {name: print_ast(value) for name, value in (defaults or {}).items()}
    implied |= _DEFAULTS.get(directive.name.value, {})
    given = {each.name.value: print_ast(each.value) for each in directive.arguments or ()}
    return ", ".join(f"{name}: {text}" for name, text in sorted(given.items()) if implied.get(name) != text)


def _distinct(
    applications: Sequence[ConstDirectiveNode], defaults: Mapping[str, ConstValueNode] | None
) -> list[ConstDirectiveNode]:
    return list({arguments_as_text(each, defaults): each for each in reversed(applications)}.values())[::-1]


def _values(directive: ConstDirectiveNode, argument: str) -> list[ConstValueNode]:
    return [each.value for each in directive.arguments or () if each.name.value == argument]


def _name(directive: ConstDirectiveNode) -> str:
    return directive.name.value
