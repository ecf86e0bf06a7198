"""How the types of one field, argument or input field fit together over the subgraphs.

Federation: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/composition
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, print_ast

IsSubtype: TypeAlias = Callable[[str, str], bool]
"""Is the first named type a possible type of the second one, an interface or union?"""


def merge_output_types(types: Sequence[TypeNode], is_subtype: IsSubtype) -> TypeNode | None:
    """The one type of which all others are subtypes, or None when no such type is among them.

    What a client gets may come from any subgraph, so the widest promise is the only one that holds.
    """
    for candidate in types:
        if all(is_same_or_subtype(other, candidate, is_subtype) for other in types):
            return candidate
    return None


def merge_input_types(types: Sequence[TypeNode]) -> TypeNode | None:
    """The one type which is a subtype of all others, or None when no such type is among them.

    What a client sends may go to any subgraph, so it has to satisfy the strictest.
    """
    for candidate in types:
        if all(is_same_or_subtype(candidate, other, _never) for other in types):
            return candidate
    return None


def is_same_or_subtype(sub: TypeNode, super_: TypeNode, is_subtype: IsSubtype) -> bool:
    """GraphQL's covariance: non-null below nullable, possible types below abstract ones, item by item."""
    match sub, super_:
        case NonNullTypeNode(), NonNullTypeNode():
            return is_same_or_subtype(sub.type, super_.type, is_subtype)
        case NonNullTypeNode(), _:
            return is_same_or_subtype(sub.type, super_, is_subtype)
        case ListTypeNode(), ListTypeNode():
            return is_same_or_subtype(sub.type, super_.type, is_subtype)
        case NamedTypeNode(), NamedTypeNode():
            return sub.name.value == super_.name.value or is_subtype(sub.name.value, super_.name.value)
        case _:
            return False


def is_same_type(one: TypeNode, other: TypeNode) -> bool:
    """Written the same?"""
    return print_ast(one) == print_ast(other)


def _never(_sub: str, _super: str) -> bool:
    return False
