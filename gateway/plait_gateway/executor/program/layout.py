"""The layout of a response: which objects it has where, with which fields, and which fetch brings each.

A position is where objects of one type stand in the response, whatever lists lead there. The client's
operation makes the positions first, so that their fields are in its order; what only the gateway needs
comes behind.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from plait_gateway.executor.collection import Collection, nested_selections
from plait_gateway.executor.conditions import type_condition_applies
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Fetch, Key, On, PathElement
from plait_gateway.query_plan.operations import asked_of_entities, parse_operation


class Layout:
    """The positions of one operation's response, and what each fetch of the plan has to do with them."""

    def __init__(
        self,
        definition: OperationDefinitionNode,
        client: Collection,
        schema: GraphQLSchema,
        variables: Mapping[str, Any],
    ) -> None:
        """Lay out what the client selects. Raises Refused."""
        self._schema = schema
        self._api_schema = client.schema
        self._client = client
        self._asked = Collection(schema, {}, variables)
        self.positions: list[Position] = []
        root_type = client.schema.get_root_type(OperationType.QUERY)
        assert root_type is not None, "the operation is valid"
        self.root = Position(0, root_type.name, is_visible=True, is_item=False, is_tagged=False)
        self.positions.append(self.root)
        self._select(self.root, (definition.selection_set,))

    def place(self, fetch: int, node: Fetch, path: tuple[PathElement, ...]) -> Position | None:
        """Note what a fetch brings to the objects at a path, and say where they stand.

        None if the path leads nowhere under the conditions of this program. Raises Refused.
        """
        positions = self._at(path)
        if node.representations:
            positions = [one for one in positions if self._is_represented(one, node)]
        if len(positions) > 1:
            raise Refused(Refusal.SEVERAL_TYPES)
        if not positions:
            return None
        (position,) = positions
        operation = parse_operation(node.operation)
        if node.representations:
            position.is_target = True
            operation = asked_of_entities(operation)
        elif not position.is_root:
            raise Refused(Refusal.ROOT_FIELDS_BELOW_ROOT)
        self._bring(fetch, position, (operation.selection_set,))
        return position

    def complete(self) -> None:
        """Check that everything the client selects is brought by something. Raises Refused.

        A type that stands beside others is left out where it lacks something: plans do not ask for types
        that a subgraph does not have, and no decoder takes an object of one.
        """
        if not self._is_complete(self.root):
            raise Refused(Refusal.NOTHING_BRINGS_IT)

    def _is_complete(self, position: Position) -> bool:
        is_complete = not position.is_excluded
        for slot in position.slots.values():
            is_read = position.creator in slot.brought_by and not position.is_tagged
            if slot.key == TYPENAME and slot.is_visible and not is_read:
                position.constants.add(slot.key)
            kept = [(one, self._is_complete(one)) for one in slot.variants]
            slot.variants = tuple(one for one, is_kept in kept if is_kept or not one.is_tagged)
            is_complete &= all(is_kept or one.is_tagged for one, is_kept in kept)
            if kept and not slot.variants:
                is_complete = False
            if slot.is_visible and not slot.brought_by and slot.key not in position.constants:
                is_complete = False
        return is_complete

    def _variants(self, declared: GraphQLOutputType, *, is_visible: bool) -> tuple[Position, ...]:
        """A position for each type of object that the client may see in a field."""
        named = get_named_type(declared)
        types = self._api_schema.get_possible_types(named) if is_abstract_type(named) else [named]
        if len(types) > _MAX_VARIANTS or len(self.positions) > _MAX_POSITIONS:
            raise Refused(Refusal.TOO_MANY_TYPES)
        made = []
        for number, one in enumerate(types, len(self.positions)):
            is_tagged = one is not named
            made.append(Position(number, one.name, is_visible, _is_list(declared), is_tagged))
        self.positions += made
        return tuple(made)

    def _select(self, position: Position, selection_sets: tuple[SelectionSetNode, ...]) -> None:
        parent = self._api_schema.get_type(position.type_name)
        assert isinstance(parent, GraphQLObjectType)
        for key, nodes in self._client.fields(selection_sets, parent.name).items():
            match nodes[0].name.value:
                case "__schema" | "__type":
                    raise Refused(Refusal.INTROSPECTION)
                case "__typename" as name:
                    slot = position.slots[key] = Slot(key, _TYPENAME_TYPE, is_visible=True)
                    if key != name:
                        position.constants.add(key)
                case name:
                    declared = parent.fields[name].type
                    slot = position.slots[key] = Slot(key, declared, is_visible=True)
                    if not is_leaf_type(get_named_type(declared)):
                        slot.variants = self._variants(declared, is_visible=True)
                        for variant in slot.variants:
                            self._select(variant, nested_selections(nodes))

    def _at(self, path: tuple[PathElement, ...]) -> list[Position]:
        positions = [self.root]
        for element in path:
            match element:
                case Key(name):
                    slots = [one.slots[name] for one in positions if name in one.slots]
                    positions = [variant for slot in slots if slot.brought_by for variant in slot.variants]
                case On(types):
                    positions = [one for one in positions if one.type_name in types]
        return positions

    def _is_represented(self, position: Position, node: Fetch) -> bool:
        return any(
            type_condition_applies(self._schema, rule.on, position.type_name) for rule in node.representations
        )

    def _bring(self, fetch: int, position: Position, selection_sets: tuple[SelectionSetNode, ...]) -> None:
        parent = self._schema.get_type(position.type_name)
        assert isinstance(parent, GraphQLObjectType)
        for key, nodes in self._asked.fields(selection_sets, parent.name).items():
            if key not in position.slots and not self._has_field(parent, nodes[0].name.value):
                if not position.is_tagged:
                    raise Refused(Refusal.ABSTRACT_TYPE)
                position.is_excluded = True
                return
            slot = position.slots.get(key) or self._internal(position, parent, key, nodes)
            if slot.variants and slot.brought_by:
                raise Refused(Refusal.MERGED_OBJECTS)
            slot.brought_by.append(fetch)
            for variant in slot.variants:
                variant.creator = fetch
                self._bring(fetch, variant, nested_selections(nodes))
                if variant.is_tagged and not variant.is_excluded and not variant.brings_typename(fetch):
                    raise Refused(Refusal.ABSTRACT_TYPE)

    @staticmethod
    def _has_field(parent: GraphQLObjectType, name: str) -> bool:
        """False where a subgraph knows one type only where the supergraph knows several."""
        return name == TYPENAME or name in parent.fields

    def _internal(
        self, position: Position, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]
    ) -> Slot:
        name = nodes[0].name.value
        declared = _TYPENAME_TYPE if name == TYPENAME else parent.fields[name].type
        slot = position.slots[key] = Slot(key, declared, is_visible=False)
        if name != TYPENAME and not is_leaf_type(get_named_type(declared)):
            slot.variants = self._variants(declared, is_visible=False)
        return slot


def _is_list(declared: GraphQLOutputType) -> bool:
    return isinstance(declared.of_type if isinstance(declared, GraphQLNonNull) else declared, GraphQLList)


_MAX_VARIANTS = 32
_MAX_POSITIONS = 2000
_TYPENAME_TYPE = GraphQLNonNull(GraphQLString)
