"""The default value of an argument or input field."""

from collections.abc import Sequence
from typing import Any

from graphql import ConstValueNode, InputValueDefinitionNode, value_from_ast_untyped

from plait_schema.composition.declared import Declared


def merge_defaults(declared: Sequence[Declared[InputValueDefinitionNode]]) -> ConstValueNode | None:
    """The default that all subgraphs have; none when one of them has none.

    An omitted value must mean the same everywhere, and be allowed everywhere.
    """
    defaults = [each.node.default_value for each in declared]
    first = defaults[0]
    if first is None or any(default is None or not is_same_value(first, default) for default in defaults[1:]):
        return None
    return first


def defaults_disagree(declared: Sequence[Declared[InputValueDefinitionNode]]) -> bool:
    """Are there two different defaults (not having one is not a different one)?"""
    defaults = [each.node.default_value for each in declared if each.node.default_value is not None]
    return any(not is_same_value(defaults[0], other) for other in defaults[1:])


def is_same_value(one: ConstValueNode, other: ConstValueNode) -> bool:
    """Equal as values: the order of an input object's fields and the form of a string do not matter."""
    return bool(_comparable(value_from_ast_untyped(one)) == _comparable(value_from_ast_untyped(other)))


def _comparable(value: Any) -> Any:
    """True is not 1 in GraphQL, though it is in Python."""
    match value:
        case bool():
            return ("Boolean", value)
        case list():
            return [_comparable(item) for item in value]
        case dict():
            return {key: _comparable(item) for key, item in value.items()}
        case _:
            return value
