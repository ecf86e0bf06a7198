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
    choices = product(*(alternatives(value) for value in values))
    needed = {frozenset[str]().union(*choice) for choice in choices}
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


def alternatives(value: ConstValueNode) -> list[frozenset[str]]:
    """Of scopes or policies: any one of them will do, each of them whole."""
    return [frozenset(_strings(each)) for each in _items(value_from_ast_untyped(value))]


def _strings(value: Any) -> list[str]:
    """What a scalar of the subgraph's own takes beside strings is a name like any other."""
    return [str(item) for item in _items(value)]


def _items(value: Any) -> list[Any]:
    """A single value stands for a list of one, as everywhere in GraphQL input."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _number(value: ConstValueNode) -> int:
    return int(value.value) if isinstance(value, IntValueNode) else -1


def _text(value: str) -> ConstValueNode:
    return StringValueNode(value=value)


def _list(values: Iterable[ConstValueNode]) -> ConstValueNode:
    return ConstListValueNode(values=tuple(values))
