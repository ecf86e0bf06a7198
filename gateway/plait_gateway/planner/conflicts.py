"""Response keys that one subgraph operation cannot hold together are replaced, and renamed in the answer.

GraphQL wants fields under one response key to have one shape, even on object types that exclude each other
(specification, section 5.3.2). What the client wrote is valid in the API schema, but a subgraph may say
`ID!` on one type and `ID` on the other where the API schema says `ID` on both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from graphql import ListTypeNode, NonNullTypeNode, TypeNode, is_leaf_type, print_ast

from plait_gateway.planner.normalize import INTERNAL_PREFIX
from plait_gateway.planner.written import Field, Fragment, Item
from plait_gateway.query_plan.nodes import Each, Key, PathElement, Rename
from plait_schema.query_graph import QueryGraph


@dataclass(eq=False)
class Renaming:
    """The renames of one fetch, the deeper ones first."""

    renames: list[Rename] = field(default_factory=list)


def without_conflicts(
    items: tuple[Item, ...], graph: QueryGraph, renaming: Renaming, path: tuple[PathElement, ...] = ()
) -> tuple[Item, ...]:
    """The same fields, the later ones of conflicting ones under aliases."""
    kept: dict[str, list[Field]] = {}
    return _checked(items, graph, renaming, path, kept)


def _checked(
    items: tuple[Item, ...],
    graph: QueryGraph,
    renaming: Renaming,
    path: tuple[PathElement, ...],
    kept: dict[str, list[Field]],
) -> tuple[Item, ...]:
    checked: list[Item] = []
    for item in items:
        if isinstance(item, Fragment):
            checked.append(Fragment(item.on, _checked(item.items, graph, renaming, path, kept)))
            continue
        alias = _alias(item, kept, graph)
        kept.setdefault(alias, []).append(item)
        below = (*path, Key(alias), *_each(item.type))
        checked.append(
            replace(item, response_key=alias, items=without_conflicts(item.items, graph, renaming, below))
        )
        if alias != item.response_key:
            rename = Rename(path, alias, item.response_key)
            if rename not in renaming.renames:
                renaming.renames.append(rename)
    return tuple(checked)


def _alias(item: Field, kept: dict[str, list[Field]], graph: QueryGraph) -> str:
    alias = item.response_key
    attempt = 0
    while any(_conflict(item, other, graph) for other in kept.get(alias, ())):
        alias = f"{INTERNAL_PREFIX}as{attempt}_{item.response_key}"
        attempt += 1
    return alias


def _conflict(first: Field, second: Field, graph: QueryGraph) -> bool:
    if _shape(first.type, graph) != _shape(second.type, graph):
        return True
    inner = list(_fields(second.items))
    return any(
        one.response_key == other.response_key and _conflict(one, other, graph)
        for one in _fields(first.items)
        for other in inner
    )


def _fields(items: Iterable[Item]) -> Iterator[Field]:
    for item in items:
        if isinstance(item, Field):
            yield item
        else:
            yield from _fields(item.items)


def _shape(node: TypeNode | None, graph: QueryGraph) -> str:
    """Lists and nulls as they are; of the name only whether it is a leaf's, and which."""
    match node:
        case None:
            return "String!"
        case NonNullTypeNode(type=inner):
            return f"{_shape(inner, graph)}!"
        case ListTypeNode(type=inner):
            return f"[{_shape(inner, graph)}]"
        case _:
            name = print_ast(node)
            return name if is_leaf_type(graph.schema.get_type(name)) else "{}"


def _each(node: TypeNode | None) -> tuple[Each, ...]:
    match node:
        case NonNullTypeNode(type=inner):
            return _each(inner)
        case ListTypeNode(type=inner):
            return (Each(), *_each(inner))
        case _:
            return ()
