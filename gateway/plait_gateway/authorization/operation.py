"""Which of an operation's fields ask for something, and which of them somebody may not see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from plait_gateway.authorization.identity import Identity
from plait_gateway.authorization.requirements import Requirement, Requirements


@dataclass(frozen=True, slots=True)
class Denied:
    """What somebody may not see of an operation; equal for all who may not see the same."""

    requirements: frozenset[Requirement]


@dataclass(frozen=True, slots=True)
class RestrictedField:
    """A field that not everybody may see, at one place of a document."""

    node: FieldNode
    coordinate: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """What an operation asks of whoever sends it."""

    fields: tuple[RestrictedField, ...]
    requirements: frozenset[Requirement]
    policies: frozenset[str]

    def denied_to(self, identity: Identity, policies: frozenset[str]) -> Denied | None:
        """What somebody may not see for whom these policies hold; None when they may see all."""
        unmet = [one for one in self.requirements if not one.is_met_by(identity, policies)]
        return Denied(frozenset(unmet)) if unmet else None

    def fields_of(self, denied: Denied) -> Iterator[RestrictedField]:
        """The fields that are denied."""
        return (field for field in self.fields if field.requirement in denied.requirements)


def access_of(
    definition: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    api_schema: GraphQLSchema,
    requirements: Requirements,
) -> OperationAccess | None:
    """What a valid operation asks for; None when everybody may send it."""
    if requirements.are_none:
        return None
    root = api_schema.get_root_type(definition.operation)
    assert root is not None, "the operation is valid"
    pending: list[tuple[SelectionSetNode, GraphQLNamedType]] = [(definition.selection_set, root)]
    spread: set[str] = set()
    found: list[RestrictedField] = []
    for selection_set, parent in pending:  # which grows on the way
        for selection in selection_set.selections:
            if isinstance(selection, FragmentSpreadNode):
                if (fragment_name := selection.name.value) not in spread:
                    spread.add(fragment_name)
                    fragment = fragments[fragment_name]
                    of_type = _type(api_schema, fragment.type_condition.name.value)
                    pending.append((fragment.selection_set, of_type))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = parent if condition is None else _type(api_schema, condition.name.value)
                pending.append((selection.selection_set, inner))
            elif isinstance(selection, FieldNode) and not selection.name.value.startswith("__"):
                assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
                name = selection.name.value
                if (requirement := requirements.of_field(parent, name)) is not None:
                    found.append(RestrictedField(selection, f"{parent.name}.{name}", requirement))
                if selection.selection_set is not None:
                    pending.append((selection.selection_set, get_named_type(parent.fields[name].type)))
    if not found:
        return None
    distinct = frozenset(field.requirement for field in found)
    return OperationAccess(tuple(found), distinct, frozenset().union(*(one.policies for one in distinct)))


def _type(schema: GraphQLSchema, name: str) -> GraphQLNamedType:
    found = schema.get_type(name)
    assert found is not None, "the operation is valid"
    return found
