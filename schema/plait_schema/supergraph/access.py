"""Who may see what: `@authenticated`, `@requiresScopes` and `@policy` of a supergraph.

https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import Node

from plait_schema.supergraph.document import SupergraphDocument, arguments_of

Alternatives: TypeAlias = tuple[frozenset[str], ...]
"""Any of these sets will do, if all of it is there; none at all when it is empty."""


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to see an element. What is None is not asked for."""

    authenticated: bool = False
    scopes: Alternatives | None = None
    policies: Alternatives | None = None


AccessByCoordinate: TypeAlias = Mapping[str, Access]
"""`Type` or `Type.field` to what it takes; what everybody may see is left out."""


def read_access(document: SupergraphDocument) -> AccessByCoordinate:
    """What the supergraph asks for, types and fields alike."""
    found: dict[str, Access] = {}
    for node in document.types:
        name = node.name.value
        elements: list[tuple[str, Node]] = [(name, node)]
        elements += [(f"{name}.{field.name.value}", field) for field in getattr(node, "fields", None) or ()]
        for coordinate, element in elements:
            access = _access(document, element)
            if access != Access():
                found[coordinate] = access
    return found


def _access(document: SupergraphDocument, node: Node) -> Access:
    return Access(
        authenticated=any(document.applied(node, "authenticated", specification="authenticated")),
        scopes=_alternatives(document, node, "requiresScopes", "scopes"),
        policies=_alternatives(document, node, "policy", "policies"),
    )


def _alternatives(document: SupergraphDocument, node: Node, name: str, argument: str) -> Alternatives | None:
    for applied in document.applied(node, name, specification=name):
        together = _list(arguments_of(applied).get(argument))
        return tuple(frozenset(str(one) for one in _list(each)) for each in together)
    return None


def _list(value: Any) -> list[Any]:
    """A value where a list is expected (specification of GraphQL, section 3.11, input coercion)."""
    return value if isinstance(value, list) else [value]
