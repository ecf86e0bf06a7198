"""Result coercion of leaves, by the specification (section 3.5), for values that come as JSON."""

from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType

_INT_RANGE = range(-(2**31), 2**31)


class NotOfType(Exception):  # noqa: N818 - it names the value's state
    """The value is none of the leaf type's."""


def coerce_leaf(leaf_type: GraphQLLeafType, value: Any) -> Any:
    """The value as the client gets it; a custom scalar's passes as it is. Raises NotOfType."""
    match leaf_type.name, value:
        case "Int" | "Float" | "ID", bool():
            raise NotOfType
        case "Int", int() if value in _INT_RANGE:
            return value
        case "Int", float() if value.is_integer() and int(value) in _INT_RANGE:
            return int(value)
        case "Float", int() | float():
            return value
        case "String", str():
            return value
        case "Boolean", bool():
            return value
        case "ID", str() | int():
            return str(value)
        case "Int" | "Float" | "String" | "Boolean" | "ID", _:
            raise NotOfType
    if isinstance(leaf_type, GraphQLEnumType) and not (isinstance(value, str) and value in leaf_type.values):
        raise NotOfType
    return value
