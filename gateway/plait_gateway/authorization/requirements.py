"""What the schema asks of whoever selects a field.

A field asks for what its directives say, and for what its parent type and the type of its values ask for. A
field of an interface asks for all that any implementation's field asks for: whoever selects it gets them all.
Who may see some implementations only selects the field in fragments on those.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from plait_gateway.authorization.identity import Identity
from plait_schema.supergraph import Access, AccessByCoordinate


@dataclass(frozen=True, slots=True)
class Requirement:
    """All of this has to be met."""

    access: frozenset[Access]

    @property
    def policies(self) -> frozenset[str]:
        """Those that it takes a decision on."""
        return frozenset().union(*(one for each in self.access for one in each.policies or ()))

    def is_met_by(self, identity: Identity, policies: frozenset[str]) -> bool:
        """Whether somebody for whom these policies hold meets it."""
        return all(_is_met(access, identity, policies) for access in self.access)


def _is_met(access: Access, identity: Identity, policies: frozenset[str]) -> bool:
    if access.authenticated and not identity.is_authenticated:
        return False
    if access.scopes is not None and not any(each <= identity.scopes for each in access.scopes):
        return False
    return access.policies is None or any(each <= policies for each in access.policies)


class Requirements:
    """The requirements of one graph's fields, found when they are first asked for."""

    def __init__(self, schema: GraphQLSchema, access: AccessByCoordinate) -> None:
        self._schema = schema
        self._access = access
        self._found: dict[tuple[str, str], Requirement | None] = {}

    @property
    def are_none(self) -> bool:
        """Whether everybody may see everything."""
        return not self._access

    def of_field(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str) -> Requirement | None:
        """What it takes to select a field of the API schema; None when everybody may."""
        key = parent.name, name
        if key not in self._found:
            access = frozenset(self._of(parent, name))
            self._found[key] = Requirement(access) if access else None
        return self._found[key]

    def _of(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str) -> Iterator[Access]:
        returned = get_named_type(parent.fields[name].type)
        coordinates = [parent.name, f"{parent.name}.{name}", returned.name]
        if isinstance(parent, GraphQLInterfaceType):
            for implementation in self._schema.get_possible_types(parent):
                coordinates += [implementation.name, f"{implementation.name}.{name}"]
        for coordinate in coordinates:
            if (access := self._access.get(coordinate)) is not None:
                yield access
