"""What a leaf's JSON has to look like to be passed on unread: result coercion as a type for the decoder."""

from typing import Annotated, Any, Final, Literal

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLOutputType,
    get_named_type,
)
from msgspec import Meta

#: A text that is longer than it may be: no JSON is of this type. It marks what an answer must not hold.
NOTHING: Final[Any] = Annotated[str, Meta(min_length=1, max_length=0)]

_INT = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
_BUILT_IN: dict[str, Any] = {"Int": _INT, "Float": int | float, "String": str, "Boolean": bool, "ID": str}
_JSON_DEPTH = 4  # of a custom scalar's value: deeper ones are handed over. Each level doubles the decoder
_TOLD_APART_BY_EQUALITY = frozenset({"Int", "String", "Boolean", "ID"})


def leaf_type(named: GraphQLNamedType) -> Any:
    """The decoder's type for values of a leaf type that are written to the client as they came.

    Values that have to be coerced first (an ID sent as a number) do not fit.
    """
    if isinstance(named, GraphQLEnumType):
        return Literal[tuple(named.values)]
    return _BUILT_IN.get(named.name, _CUSTOM_SCALAR)


def _json(depth: int) -> Any:
    """Any JSON but null, so deep."""
    leaf = str | bool | int | float
    if depth == 0:
        return leaf
    inner = _json(depth - 1) | None
    return leaf | list[inner] | dict[str, inner]  # type: ignore[valid-type]  # a type made at run time


_CUSTOM_SCALAR: Any = _json(_JSON_DEPTH)


def wrapped(declared: GraphQLOutputType, inner: Any) -> Any:
    """The decoder's type for a declared type whose named type is decoded as `inner`."""
    match declared:
        case GraphQLNonNull(of_type=of_type):
            return _non_null(of_type, inner)
        case _:
            return _non_null(declared, inner) | None


def _non_null(declared: GraphQLOutputType, inner: Any) -> Any:
    match declared:
        case GraphQLList(of_type=item):
            return list[wrapped(item, inner)]  # type: ignore[misc]  # a type made at run time
        case _:
            return inner


def may_be_float(declared: GraphQLOutputType) -> bool:
    """Whether the decoder takes a float for the type."""
    named = get_named_type(declared)
    return not isinstance(named, GraphQLEnumType) and named.name not in _TOLD_APART_BY_EQUALITY


def is_told_apart_by_equality(declared: GraphQLOutputType) -> bool:
    """Whether equal values of this leaf are the same JSON; `1 == 1.0 == True`, and lists have no hash."""
    match declared:
        case GraphQLNonNull(of_type=inner):
            return is_told_apart_by_equality(inner)
        case GraphQLEnumType():
            return True
        case GraphQLList():
            return False
        case _:
            return declared.name in _TOLD_APART_BY_EQUALITY
