"""What a random federation is made of: entities, who has which of their fields, and roots."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, parse

KEYS = ("id", "sku", "id sku", "ref { code }", "codes", "sku refs { code no }")
KEY_FIELDS = {"id": "ID!", "sku": "String!", "ref": "Ref!", "codes": "[String!]!", "refs": "[Ref!]!"}
LEAVES = ("Int", "Stamp", "Size")
PARTS = ("x", "y", "z")
NODES = ("nodes", "more")  # subgraphs that know Node as an `@interfaceObject`
COMMON = "common"  # a field that every entity has


@dataclass(frozen=True)
class Field:
    """A field of an entity or a root. `returns` is a leaf, V, an entity, Node or a union, or a list of it."""

    name: str
    returns: str
    owners: tuple[str, ...]
    takes: str | None = None  # the name of its argument: `n`, or `of` for an input object
    requires: str = ""
    provides: str = ""
    overridden_in: str | None = None  # a subgraph that has the field still
    label: str | None = None  # of the override
    nullable_in: tuple[str, ...] = ()  # owners that do not promise what the others do
    is_hidden: bool = False
    narrowed: tuple[str, str] | None = None  # an owner that has a member of the abstract type, and which

    @property
    def named(self) -> str:
        return self.returns.strip("[]!")

    @property
    def is_leaf(self) -> bool:
        return self.named in LEAVES


@dataclass(frozen=True)
class Entity:
    """An entity type: which subgraphs have it, by which keys, and its fields."""

    name: str
    keys: Mapping[str, tuple[str, ...]]  # subgraph -> keys
    stubs: Mapping[str, str]  # subgraphs that know a key of it and cannot be entered by it
    fields: tuple[Field, ...] = ()

    def key_fields(self, subgraph: str) -> tuple[str, ...]:
        keys = (*self.keys.get(subgraph, ()), *filter(None, (self.stubs.get(subgraph),)))
        return tuple(dict.fromkeys(name for key in keys for name in names_in(key)))

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True)
class Structure:
    """A federation without its data."""

    subgraphs: tuple[str, ...]
    entities: Mapping[str, Entity]
    roots: tuple[Field, ...]
    mutations: tuple[Field, ...]
    parts: Mapping[str, tuple[str, ...]]  # subgraph -> fields of the value type V
    node_fields: tuple[Field, ...] = ()  # of NODES
    of_version_1: tuple[str, ...] = ()
    with_root_names: tuple[str, ...] = ()

    def members(self, subgraph: str) -> tuple[str, ...]:
        found = self.entities.values()
        return tuple(one.name for one in found if subgraph in one.keys or subgraph in one.stubs)

    def enterable(self, subgraph: str) -> tuple[str, ...]:
        """What `_entities` gives."""
        if subgraph in NODES:
            return ("Node",)
        return tuple(one.name for one in self.entities.values() if subgraph in one.keys)

    def implementers(self, subgraph: str) -> tuple[str, ...]:
        """Types with an `id`; where Node is an entity, those of the first subgraph, by that key."""
        hub = self.subgraphs[0]
        if self.node_fields:
            found = (name for name in self.enterable(hub) if "id" in self.entities[name].keys[hub])
            return tuple(found) if subgraph in (hub, *NODES) else ()
        return tuple(
            name for name in self.members(subgraph) if "id" in self.entities[name].key_fields(subgraph)
        )

    def has_common(self, subgraph: str) -> bool:
        """Whether the subgraph's Node has the field that all entities have."""
        found = [
            one
            for name in self.implementers(subgraph)
            for one in self.entities[name].fields
            if one.name == COMMON
        ]
        return bool(found) and subgraph not in NODES and all(subgraph in one.owners for one in found)

    def root_name(self, subgraph: str | None, kind: str) -> str:
        return f"{kind}Of{subgraph}" if subgraph in self.with_root_names else kind

    def externals(self, subgraph: str) -> frozenset[tuple[str, str]]:
        """The fields that the field sets of a subgraph mention, as type and name."""
        return frozenset(
            found
            for parent, one in self._all_fields()
            if subgraph in one.owners
            for on, text in ((parent, one.requires), (one.named, one.provides))
            for found in self._mentioned(on, text)
        )

    @cached_property
    def provided(self) -> frozenset[tuple[str, str]]:
        """The fields that anyone provides: their owners share them."""
        return frozenset(
            found for _, one in self._all_fields() for found in self._mentioned(one.named, one.provides)
        )

    def _all_fields(self) -> Iterator[tuple[str, Field]]:
        for entity in self.entities.values():
            yield from ((entity.name, one) for one in entity.fields)
        yield from (("Query", one) for one in self.roots)
        yield from (("Mutation", one) for one in self.mutations)

    def _mentioned(self, on: str, text: str) -> Iterator[tuple[str, str]]:
        if text:
            yield from self._mentioned_in(on, field_set(text))

    def _mentioned_in(self, on: str, selection_set: SelectionSetNode) -> Iterator[tuple[str, str]]:
        for node in selection_set.selections:
            match node:
                case FieldNode(name=name, selection_set=inner):
                    yield on, name.value
                    entity = self.entities.get(on)
                    fields: Iterable[Field] = entity.fields if entity else ()
                    found = next((one for one in fields if one.name == name.value), None)
                    if inner is not None and found is not None:
                        yield from self._mentioned_in(found.named, inner)
                case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                    yield from self._mentioned_in(condition.name.value, inner)


def field_set(text: str) -> SelectionSetNode:
    definition = parse(f"{{ {text} }}", no_location=True).definitions[0]
    selection_set: SelectionSetNode = definition.selection_set  # type: ignore[attr-defined]  # an operation
    return selection_set


def names_in(text: str) -> tuple[str, ...]:
    """The outermost fields of a field set."""
    return tuple(node.name.value for node in field_set(text).selections if isinstance(node, FieldNode))
