"""The layout of a response: which objects it has where, with which fields, and which fetch brings each.

A position is where objects of one type stand in the response, whatever lists lead there. The client's
operation makes the positions first, so that their fields are in its order; what only the gateway needs
comes behind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
    is_leaf_type,
)

from plait_gateway.executor.collection import Collection, nested_selections
from plait_gateway.executor.program.leaf_types import is_told_apart_by_equality
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Each, Fetch, Key, On, PathElement
from plait_gateway.query_plan.operations import asked_of_entities, parse_operation


@dataclass(eq=False)
class Slot:
    """A field of the objects at a position, under its response key."""

    key: str
    declared: GraphQLOutputType
    is_visible: bool
    child: "Position | None" = None  # where the objects stand that it leads to
    brought_by: list[int] = field(default_factory=list)  # numbers of fetches, in the plan's order

    @property
    def attribute(self) -> str:
        """Its name in Python: no response key collides with what a Struct has of its own."""
        return "f_" + self.key

    @property
    def is_leaf(self) -> bool:
        return self.child is None

    @property
    def is_nullable(self) -> bool:
        return not isinstance(self.declared, GraphQLNonNull)


@dataclass(eq=False)
class Position:
    """Where objects of one type stand."""

    number: int
    type_name: str
    is_visible: bool
    is_item: bool  # the objects stand in lists
    creator: int | None = None  # the fetch that brings the objects; none brings the root
    slots: dict[str, Slot] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)  # keys of `__typename` that nothing brings
    is_target: bool = False  # an entity fetch goes on from here

    def brought_by(self, fetch: int) -> list[Slot]:
        return [slot for slot in self.slots.values() if fetch in slot.brought_by]

    @property
    def is_root(self) -> bool:
        return self.number == 0

    @property
    def internal(self) -> list[Slot]:
        """What has to be taken out again once everything has read it."""
        return [slot for slot in self.slots.values() if not slot.is_visible and slot.key != TYPENAME]

    @property
    def is_collected(self) -> bool:
        """Whether a program keeps a list of the objects here."""
        return not self.is_root and (self.is_target or (self.is_visible and bool(self.internal)))

    @property
    def is_shared(self) -> bool:
        """Whether equal objects become one object; an item of a list keeps its place."""
        return self.is_target and not self.is_item and self.identity is not None

    @property
    def identity(self) -> list[Slot] | None:
        """The fields that tell all of an object as its creator brought it, where these are few leaves.

        Two objects with the same values are the same to everything that comes later: one can stand at
        both places.
        """
        if self.creator is None:
            return None
        slots = [slot for slot in self.brought_by(self.creator) if slot.key != TYPENAME]
        told_apart = all(slot.is_leaf and is_told_apart_by_equality(slot.declared) for slot in slots)
        return slots if slots and told_apart else None


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
        self.root = Position(0, root_type.name, is_visible=True, is_item=False)
        self.positions.append(self.root)
        self._select(self.root, (definition.selection_set,))

    def place(self, fetch: int, node: Fetch, path: tuple[PathElement, ...]) -> Position | None:
        """Note what a fetch brings to the objects at a path, and say where they stand.

        None if the path leads nowhere under the conditions of this program. Raises Refused.
        """
        position = self._at(path)
        if position is None:
            return None
        operation = parse_operation(node.operation)
        if node.representations:
            position.is_target = True
            operation = asked_of_entities(operation)
        elif not position.is_root:
            raise Refused(Refusal.ROOT_FIELDS_BELOW_ROOT)
        self._bring(fetch, position, (operation.selection_set,))
        return position

    def complete(self) -> None:
        """Check that everything the client selects is brought by something. Raises Refused."""
        for position in self.positions:
            for slot in position.slots.values():
                if slot.key == TYPENAME and slot.is_visible and position.creator not in slot.brought_by:
                    position.constants.add(slot.key)
                if slot.is_visible and not slot.brought_by and slot.key not in position.constants:
                    raise Refused(Refusal.NOTHING_BRINGS_IT)

    def _position(self, declared: GraphQLOutputType, *, is_visible: bool) -> Position:
        named = get_named_type(declared)
        if not isinstance(named, GraphQLObjectType):
            raise Refused(Refusal.ABSTRACT_TYPE)
        made = Position(len(self.positions), named.name, is_visible, _is_list(declared))
        self.positions.append(made)
        return made

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
                        slot.child = self._position(declared, is_visible=True)
                        self._select(slot.child, nested_selections(nodes))

    def _at(self, path: tuple[PathElement, ...]) -> Position | None:
        position = self.root
        for element in path:
            match element:
                case Key(name):
                    slot = position.slots.get(name)
                    if slot is None or slot.child is None or not slot.brought_by:
                        return None
                    position = slot.child
                case On(types) if position.type_name not in types:
                    return None
                case Each() | On():
                    continue
        return position

    def _bring(self, fetch: int, position: Position, selection_sets: tuple[SelectionSetNode, ...]) -> None:
        parent = self._schema.get_type(position.type_name)
        assert isinstance(parent, GraphQLObjectType)
        for key, nodes in self._asked.fields(selection_sets, parent.name).items():
            slot = position.slots.get(key) or self._internal(position, parent, key, nodes)
            if slot.child is not None:
                if slot.brought_by:
                    raise Refused(Refusal.MERGED_OBJECTS)
                slot.child.creator = fetch
            slot.brought_by.append(fetch)
            if slot.child is not None:
                self._bring(fetch, slot.child, nested_selections(nodes))

    def _internal(
        self, position: Position, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]
    ) -> Slot:
        name = nodes[0].name.value
        declared = _TYPENAME_TYPE if name == TYPENAME else parent.fields[name].type
        slot = position.slots[key] = Slot(key, declared, is_visible=False)
        if name != TYPENAME and not is_leaf_type(get_named_type(declared)):
            slot.child = self._position(declared, is_visible=False)
        return slot


def objects_below(slots: Iterable[Slot], fetch: int) -> Iterator[tuple[Slot, Position]]:
    """The fields of these that lead to objects which the fetch brings."""
    for slot in slots:
        if slot.child is not None and slot.child.creator == fetch:
            yield slot, slot.child


def _is_list(declared: GraphQLOutputType) -> bool:
    return isinstance(declared.of_type if isinstance(declared, GraphQLNonNull) else declared, GraphQLList)


_TYPENAME_TYPE = GraphQLNonNull(GraphQLString)
