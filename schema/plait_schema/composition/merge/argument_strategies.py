"""How the arguments of a directive are merged when subgraphs apply it with different ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final, TypeAlias

from graphql import (
    BooleanValueNode,
    ConstListValueNode,
    ConstValueNode,
    IntValueNode,
    StringValueNode,
    value_from_ast_untyped,
)

Strategy: TypeAlias = Callable[[Sequence[ConstValueNode]], ConstValueNode]


def all_must_hold(values: Sequence[ConstValueNode]) -> ConstValueNode:
    """Scopes and policies: lists of alternatives, each a list of what it takes; every subgraph must agree.

    The result has one alternative per choice of alternatives, without those that another one implies.
    """
    alternatives = product(*(_alternatives(value) for value in values))
    needed = {frozenset[str]().union(*choice) for choice in alternatives}
    minimal = [one for one in needed if not any(other < one for other in needed)]
    return _list(_list(_text(item) for item in sorted(one)) for one in sorted(minimal, key=sorted))


def largest(values: Sequence[ConstValueNode]) -> ConstValueNode:
    """The most expensive assumption is the safe one; null assumes nothing."""
    return max(values, key=_number)


def union(values: Sequence[ConstValueNode]) -> ConstValueNode:
    """Every item once, in the order of the subgraphs."""
    items = [item for value in values for item in _strings(value_from_ast_untyped(value))]
    return _list(_text(item) for item in dict.fromkeys(items))


def all_true(values: Sequence[ConstValueNode]) -> ConstValueNode:
    """True only if all subgraphs that say anything say so."""
    return BooleanValueNode(value=all(value_from_ast_untyped(value) is True for value in values))


STRATEGIES: Final[Mapping[str, Mapping[str, Strategy]]] = {
    "requiresScopes": {"scopes": all_must_hold},
    "policy": {"policies": all_must_hold},
    "cost": {"weight": largest},
    "listSize": {
        "assumedSize": largest,
        "slicingArguments": union,
        "sizedFields": union,
        "requireOneSlicingArgument": all_true,
    },
}


def _alternatives(value: ConstValueNode) -> list[frozenset[str]]:
    return [frozenset(_strings(alternative)) for alternative in value_from_ast_untyped(value) or ()]


def _strings(value: Any) -> list[str]:
    """A single value stands for a list of one, as everywhere in GraphQL input."""
    return [value] if isinstance(value, str) else list(value or ())


def _number(value: ConstValueNode) -> int:
    return int(value.value) if isinstance(value, IntValueNode) else -1


def _text(value: str) -> ConstValueNode:
    return StringValueNode(value=value)


def _list(values: Iterable[ConstValueNode]) -> ConstValueNode:
    return ConstListValueNode(values=tuple(values))
