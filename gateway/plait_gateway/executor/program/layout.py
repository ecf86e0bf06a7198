"""The layout of a response: which objects it has where, with which fields, and which fetch brings each.

A position is where objects of one type stand in the response, whatever lists lead there. The client's
operation makes the positions first, so that their fields are in its order; what only the gateway needs
comes behind.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from plait_gateway.executor.collection import Collection, nested_selections
from plait_gateway.executor.conditions import selects_a_field
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.rules import rule_for
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Fetch, Key, On, PathElement, Representation
from plait_gateway.query_plan.operations import asked_of_entities, parse_operation

_Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Target:
    """Objects that a fetch brings something to, and how it tells the subgraph of them."""

    position: Position
    rule: Representation | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a fetch is answered for a target. Renames are by the answer's own keys."""

    fetch: int
    renames: Mapping[tuple[str, ...], str]
    told_as: str | None  # the interface that the subgraph takes for the entity's type
    finds_type: bool  # `__typename` is asked since the one that is there may be an interface's

    @classmethod
    def to(cls, fetch: int, node: Fetch, target: Target, schema: GraphQLSchema) -> "_Answer":
        renames = {}
        for rename in node.renames:
            keys = tuple(element.name for element in rename.path if isinstance(element, Key))
            renames[(*keys, rename.alias)] = rename.response_key
        if target.rule is None:
            return cls(fetch, renames, None, finds_type=False)
        finds_type = is_abstract_type(schema.get_type(target.rule.on))
        return cls(fetch, renames, target.rule.typename, finds_type)


class Layout:
    """The positions of one operation's response, and what each fetch of the plan has to do with them."""

    def __init__(
        self,
        definition: OperationDefinitionNode,
        client: Collection,
        schema: GraphQLSchema,
        variables: Mapping[str, Any],
        denied: Container[int],
    ) -> None:
        """Lay out what the client selects; those `denied`, by identity, are null. Raises Refused."""
        self._schema = schema
        self._api_schema = client.schema
        self._client = client
        self._asked = Collection(schema, {}, variables)
        self._denied = denied
        self._positions = 1
        self.introspection: dict[str, list[FieldNode]] = {}  # `__schema` and `__type`, by response key
        root_type = client.schema.get_root_type(definition.operation)
        assert root_type is not None, "the operation is valid"
        self.root = Position(0, root_type.name, is_visible=True, is_item=False, is_tagged=False)
        self._select(self.root, (definition.selection_set,))

    def place(
        self, fetch: int, node: Fetch, path: tuple[PathElement, ...], number: int = 0
    ) -> tuple[Target, ...]:
        """Note what a fetch brings to the objects at a path of its paths, and say where they stand.

        Nowhere, if under the conditions of this program the path leads to nothing, or nothing is asked there.
        Raises Refused.
        """
        operation = parse_operation(node.operation)
        positions = self._at(path)
        if node.representations:
            operation = asked_of_entities(operation)
            rules = [(one, rule_for(one, node.representations, self._schema)) for one in positions]
            targets = tuple(Target(one, rule) for one, rule in rules if rule is not None)
        else:
            if not all(one.is_root for one in positions):
                raise Refused(Refusal.ROOT_FIELDS_BELOW_ROOT)
            targets = tuple(Target(one) for one in positions)
        if not selects_a_field(operation.selection_set, self._asked.variables):
            return ()
        for target in targets:
            is_known = any(one == fetch for one, _ in target.position.targeted_by)
            if target.rule is not None:
                target.position.targeted_by.append((fetch, number))
            if is_known:  # by another of its paths
                continue
            answer = _Answer.to(fetch, node, target, self._schema)
            self._bring(answer, target.position, (operation.selection_set,), ())
        return targets

    def complete(self) -> None:
        """Check that everything the client selects is brought by something. Raises Refused.

        A type that stands beside others is left out where it lacks something: plans do not ask for types
        that a subgraph does not have, and no decoder takes an object of one.
        """
        if not self._is_complete(self.root):
            raise Refused(Refusal.NOTHING_BRINGS_IT)

    def positions(self) -> Iterator[Position]:
        """Each position that objects can stand at, in the order of the response."""
        seen: set[Position] = set()
        ahead = [self.root]
        while ahead:
            position = ahead.pop()
            if position not in seen:
                seen.add(position)
                yield position
                below = [one for slot in position.slots.values() for one in slot.variants if slot.brought_by]
                ahead.extend(reversed(below))

    def _is_complete(self, position: Position) -> bool:
        is_complete = not position.is_excluded
        for slot in position.slots.values():
            if slot.key == TYPENAME and slot.is_visible and not _is_read(slot, position):
                position.constants.add(slot.key)
            kept = [(one, self._is_complete(one)) for one in slot.variants]
            slot.variants = tuple(one for one, is_kept in kept if is_kept or not one.is_tagged)
            is_complete &= all(is_kept or one.is_tagged for one, is_kept in kept)
            if kept and not slot.variants:
                is_complete = False
            is_there = slot.brought_by or slot.key in position.constants or slot.denied
            if slot.is_visible and not is_there and not (position.is_root and slot.key in self.introspection):
                is_complete = False
        return is_complete

    def _variants(self, declared: GraphQLOutputType, *, is_visible: bool) -> tuple[Position, ...]:
        """A position for each type of object that may stand in a field."""
        named = get_named_type(declared)
        seen_by = self._api_schema if is_visible else self._schema
        types = seen_by.get_possible_types(named) if is_abstract_type(named) else [named]
        if len(types) > _MAX_VARIANTS or self._positions > _MAX_POSITIONS:
            raise Refused(Refusal.TOO_MANY_TYPES)
        made = []
        for number, one in enumerate(types, self._positions):
            is_tagged = one is not named
            made.append(Position(number, one.name, is_visible, _is_list(declared), is_tagged))
        self._positions += len(made)
        return tuple(made)

    def _interface(
        self, declared: GraphQLOutputType, selection_sets: tuple[SelectionSetNode, ...]
    ) -> tuple[Position, ...]:
        """A position for objects of which the interface alone is known, where no more is asked of them.

        A subgraph with `@interfaceObject` answers so.
        """
        interface = get_named_type(declared)
        if not isinstance(interface, GraphQLInterfaceType):
            return ()
        fields = self._client.fields(selection_sets, interface.name)
        asks_others = any(nodes[0].name.value not in interface.fields for nodes in fields.values())
        if asks_others or fields != self._client.fields(selection_sets, None):
            return ()
        self._positions += 1
        number, is_item = self._positions - 1, _is_list(declared)
        return (Position(number, interface.name, is_visible=True, is_item=is_item, is_tagged=True),)

    def _select(self, position: Position, selection_sets: tuple[SelectionSetNode, ...]) -> None:
        parent = self._api_schema.get_type(position.type_name)
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        for key, nodes in self._client.fields(selection_sets, parent.name).items():
            match nodes[0].name.value:
                case "__schema" | "__type":
                    position.slots[key] = Slot(key, _TYPENAME_TYPE, is_visible=True)
                    self.introspection[key] = nodes
                case "__typename" as name:
                    position.slots[key] = Slot(key, _TYPENAME_TYPE, is_visible=True)
                    if key != name:
                        position.constants.add(key)
                case name:
                    declared = parent.fields[name].type
                    slot = position.slots[key] = Slot(key, declared, is_visible=True)
                    seen = [node for node in nodes if id(node) not in self._denied]
                    if not seen:
                        slot.denied = f"{parent.name}.{name}"
                        if not slot.is_nullable:
                            raise Refused(Refusal.UNAUTHORIZED)
                    if seen and not is_leaf_type(get_named_type(declared)):
                        nested = nested_selections(seen)
                        types = self._variants(declared, is_visible=True)
                        slot.variants = (*types, *self._interface(declared, nested))
                        for variant in slot.variants:
                            self._select(variant, nested)

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

    def _bring(
        self,
        answer: _Answer,
        position: Position,
        selection_sets: tuple[SelectionSetNode, ...],
        keys: tuple[str, ...],
    ) -> None:
        parent = self._schema.get_type(position.type_name)
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        for key, nodes in self._asked.fields(selection_sets, parent.name).items():
            at = (*keys, key)
            in_tree = answer.renames.get(at, key)
            if in_tree == TYPENAME and not keys and answer.told_as is not None:
                if not position.knows_typename:
                    raise Refused(Refusal.REPRESENTATION)
                position.told_as[answer.fetch] = answer.told_as
                continue
            if in_tree == TYPENAME and not keys and answer.finds_type:
                raise Refused(Refusal.INTERFACE_OBJECT)
            if in_tree not in position.slots and not self._has_field(parent, nodes[0].name.value):
                if not position.is_tagged:
                    raise Refused(Refusal.ABSTRACT_TYPE)
                position.is_excluded = True
                return
            slot = position.slots.get(in_tree) or self._internal(position, parent, in_tree, nodes)
            if answer.fetch in slot.brought_by:
                raise Refused(Refusal.RENAME)
            if slot.denied:  # the gateway needs what the client may not see
                raise Refused(Refusal.UNAUTHORIZED)
            slot.brought_by.append(answer.fetch)
            if in_tree != key:
                slot.aliases[answer.fetch] = key
            for variant in slot.variants:
                variant.creators.append(answer.fetch)
                self._bring(answer, variant, nested_selections(nodes), at)
                if (
                    variant.is_tagged
                    and not variant.is_excluded
                    and not variant.brings_typename(answer.fetch)
                ):
                    raise Refused(Refusal.ABSTRACT_TYPE)

    @staticmethod
    def _has_field(parent: _Composite, name: str) -> bool:
        """False where a subgraph knows one type only where the supergraph knows several."""
        return name == TYPENAME or name in parent.fields

    def _internal(self, position: Position, parent: _Composite, key: str, nodes: list[FieldNode]) -> Slot:
        name = nodes[0].name.value
        declared = _TYPENAME_TYPE if name == TYPENAME else parent.fields[name].type
        slot = position.slots[key] = Slot(key, declared, is_visible=False)
        if name != TYPENAME and not is_leaf_type(get_named_type(declared)):
            slot.variants = self._variants(declared, is_visible=False)
        return slot


def _is_read(slot: Slot, position: Position) -> bool:
    """Whether `__typename` is in every answer that brings the objects, as a field of theirs."""
    creators = position.creators
    return bool(creators) and not position.is_tagged and all(one in slot.brought_by for one in creators)


def _is_list(declared: GraphQLOutputType) -> bool:
    return isinstance(declared.of_type if isinstance(declared, GraphQLNonNull) else declared, GraphQLList)


_MAX_VARIANTS = 32
_MAX_POSITIONS = 2000
_TYPENAME_TYPE = GraphQLNonNull(GraphQLString)
