"""Random small federations over one set of data, and the same graph as one merged schema.

An entity is a type and a number. The value of each of its fields follows from these and the seed alone,
so every subgraph that has a field, and the merged schema, give the same. What a subgraph is not sent it
does not know: a required field's value is computed from the representation.
"""

import json
import random
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from plait_gateway.clients import SubgraphRequest
from plait_schema.subgraph import SubgraphSource

KEYS = ("id", "sku", "id sku", "ref { code }")
KEY_FIELDS = {"id": "ID!", "sku": "String!", "ref": "Ref!"}
FIELDS_OF_KEY = {"id": ("id",), "sku": ("sku",), "id sku": ("id", "sku"), "ref { code }": ("ref",)}
PARTS = ("x", "y", "z")
INSTANCES = 3
NODES = "nodes"
LABELS = ("percent(20)", "new", "other")


@dataclass(frozen=True)
class Field:
    """A field of an entity. `returns` is Int, V, an entity, Node or a union, perhaps in a list."""

    name: str
    returns: str
    owners: tuple[str, ...]
    has_argument: bool = False
    requires: tuple[str, ...] = ()
    provides: str | None = None
    overridden_in: str | None = None  # a subgraph that has the field still, and would give a wrong value
    label: str | None = None  # of `@override`: where it is off, the new owner would give a wrong value
    non_null_in: str | None = None  # an owner that says more than the others: it is never null

    @property
    def named(self) -> str:
        return self.returns.strip("[]!")


@dataclass(frozen=True)
class Entity:
    """An entity type: which subgraphs have it, by which keys, and its fields."""

    name: str
    keys: Mapping[str, tuple[str, ...]]  # subgraph -> keys
    fields: tuple[Field, ...] = ()

    def key_fields(self, subgraph: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for key in self.keys[subgraph] for name in FIELDS_OF_KEY[key]))

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True)
class Instance:
    """An entity, or a part of a value; `sent` is what a representation said of it."""

    type: str
    number: int
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Federation:
    seed: int
    subgraphs: tuple[str, ...]
    entities: Mapping[str, Entity]
    roots: tuple[Field, ...]
    parts: Mapping[str, tuple[str, ...]]  # subgraph -> fields of the value type V
    mutations: tuple[Field, ...] = ()
    node_fields: tuple[Field, ...] = ()  # of NODES, which knows Node as an `@interfaceObject`
    active_labels: frozenset[str] = frozenset()

    # -- schemas ---------------------------------------------------------------------------------

    def sources(self) -> tuple[SubgraphSource, ...]:
        """The subgraphs' SDL for composition."""
        link = (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", '
            'import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", '
            '"@interfaceObject"])\n'
        )
        return tuple(
            SubgraphSource(name, f"http://{name}.example/", link + self.sdl(name, directives=True))
            for name in self.subgraphs
        )

    def sdl(self, subgraph: str, *, directives: bool) -> str:
        """What one subgraph says."""
        if subgraph == NODES:
            return self._nodes_sdl(directives=directives)
        blocks = [*self._entity_blocks(subgraph)]
        roots = [self._line(root, subgraph) for root in self.roots if subgraph in root.owners]
        blocks.append("type Query {\n" + "\n".join(roots or ["none_" + subgraph + ": Int"]) + "\n}")
        if mutations := [self._line(one, subgraph) for one in self.mutations if subgraph in one.owners]:
            blocks.append("type Mutation {\n" + "\n".join(mutations) + "\n}")
        if members := self.members(subgraph):
            blocks.append(f"union U_{subgraph} = {' | '.join(members)}")
        if self.implementers(subgraph):
            key = ' @key(fields: "id")' if self.node_fields else ""
            blocks.append(f"interface Node{key} {{ id: ID! }}")
        blocks.append("type Ref @shareable { code: ID! }")
        parts = "\n".join(f"{part}: Int" for part in self.parts[subgraph])
        blocks.append(f"type V @shareable {{\n{parts}\n}}")
        text = "\n".join(blocks)
        return text if directives else _without_directives(text)

    def _nodes_sdl(self, *, directives: bool) -> str:
        own = "\n".join(self._line(one) for one in self.node_fields)
        roots = "\n".join(self._line(root) for root in self.roots if NODES in root.owners)
        text = f"""
            type Node @key(fields: "id") @interfaceObject {{ id: ID!
            {own} }}
            type Query {{ {roots} }}
        """
        return text if directives else _without_directives(text)

    def merged_sdl(self) -> str:
        blocks = []
        for entity in self.entities.values():
            keys = {name for subgraph in entity.keys for name in entity.key_fields(subgraph)}
            lines = [f"{name}: {KEY_FIELDS[name]}" for name in sorted(keys)]
            lines += [self._line(one) for one in entity.fields]
            is_node = any(entity.name in self.implementers(subgraph) for subgraph in self.subgraphs)
            implements = " implements Node" if is_node else ""
            lines += [self._line(one) for one in self.node_fields if is_node]
            blocks.append(f"type {entity.name}{implements} {{\n" + "\n".join(lines) + "\n}")
        blocks.append("type Query {\n" + "\n".join(self._line(root) for root in self.roots) + "\n}")
        if self.mutations:
            blocks.append("type Mutation {\n" + "\n".join(map(self._line, self.mutations)) + "\n}")
        blocks += [
            f"union U_{subgraph} = {' | '.join(self.members(subgraph))}"
            for subgraph in self.subgraphs
            if self.members(subgraph)
        ]
        of_node = "\n".join(self._line(one) for one in self.node_fields)
        blocks += [f"interface Node {{ id: ID!\n{of_node} }}", "type Ref { code: ID! }"]
        parts = sorted({part for parts in self.parts.values() for part in parts})
        blocks.append("type V {\n" + "\n".join(f"{part}: Int" for part in parts) + "\n}")
        return _without_directives("\n".join(blocks))

    def members(self, subgraph: str) -> tuple[str, ...]:
        return tuple(one.name for one in self.entities.values() if subgraph in one.keys)

    def implementers(self, subgraph: str) -> tuple[str, ...]:
        """Types with an `id`; where Node is an entity, those of the first subgraph, by that key."""
        hub = self.subgraphs[0]
        if self.node_fields:
            found = (name for name in self.members(hub) if "id" in self.entities[name].keys[hub])
            return tuple(found) if subgraph in (hub, NODES) else ()
        return tuple(
            name for name in self.members(subgraph) if "id" in self.entities[name].key_fields(subgraph)
        )

    def _entity_blocks(self, subgraph: str) -> Iterator[str]:
        for entity in self.entities.values():
            if subgraph not in entity.keys:
                continue
            owned = [one for one in entity.fields if subgraph in one.owners]
            external = {name for one in owned for name in one.requires}
            external |= {
                one.provides
                for each in self.entities.values()
                for one in each.fields
                if one.provides and one.named == entity.name and subgraph in one.owners
            }
            keys = " ".join(f'@key(fields: "{key}")' for key in entity.keys[subgraph])
            lines = [f"{name}: {KEY_FIELDS[name]}" for name in entity.key_fields(subgraph)]
            lines += [self._line(one, subgraph) for one in owned]
            lines += [f"{one.name}: {one.returns}" for one in entity.fields if one.overridden_in == subgraph]
            lines += [
                self._line(entity.field(name)).split("@")[0] + " @external"
                for name in sorted(external - {one.name for one in owned})
            ]
            implements = " implements Node" if entity.name in self.implementers(subgraph) else ""
            yield f"type {entity.name}{implements} {keys} {{\n" + "\n".join(lines) + "\n}"

    def _line(self, one: Field, subgraph: str | None = None) -> str:
        """The definition of a field, as an owner of it writes it."""
        argument = "(n: Int = 1)" if one.has_argument else ""
        marks = " @shareable" if len(one.owners) > 1 or one.name in self._provided else ""
        if one.requires:
            needed = " ".join(self._required(name) for name in one.requires)
            marks += f' @requires(fields: "{needed}")'
        if one.provides:
            marks += f' @provides(fields: "{one.provides}")'
        if one.overridden_in:
            label = f', label: "{one.label}"' if one.label else ""
            marks += f' @override(from: "{one.overridden_in}"{label})'
        returns = f"{one.returns}!" if subgraph is not None and subgraph == one.non_null_in else one.returns
        return f"{one.name}{argument}: {returns}{marks}"

    def _required(self, name: str) -> str:
        one = next(each for entity in self.entities.values() for each in entity.fields if each.name == name)
        match one.named:
            case "Int":
                nested = ""
            case "Node":
                types = self.implementers(one.owners[0])
                nested = f" {{ {' '.join(f'... on {name} {{ id }}' for name in types)} }}"
            case _:
                nested = " { id }"
        return (f"{name}(n: 2)" if one.has_argument else name) + nested

    @cached_property
    def _provided(self) -> frozenset[str]:
        fields = (one for entity in self.entities.values() for one in entity.fields)
        return frozenset(one.provides for one in fields if one.provides)

    # -- data ------------------------------------------------------------------------------------

    def value(self, subgraph: str | None, of: Instance, name: str, arguments: Mapping[str, Any]) -> Any:
        """A field's value: from the data, or from what the representation said."""
        if name == "id":
            return f"{of.type}-{of.number}"
        if name == "sku":
            return f"sku {of.type} {of.number}"
        if name == "ref":
            return {"code": f"code {of.type} {of.number}"}
        if name.startswith("node_"):
            one = next(each for each in self.node_fields if each.name == name)
            return self.produce(one, f"Node.{name} {of.type}", of.number, arguments)
        if of.type == "V":
            return self._random("V", of.number, name).choice([None, 1, 2, 3])
        one = self.entities[of.type].field(name)
        if one.requires:
            needed = [self._needed(subgraph, of, required) for required in one.requires]
            return zlib.crc32(json.dumps(needed).encode()) % 1000
        if one.overridden_in is not None and subgraph == self._wrong_one(one):
            return -1
        return self.produce(one, f"{of.type}.{name}", of.number, arguments)

    def _wrong_one(self, one: Field) -> str | None:
        """The subgraph that must not be asked for an overridden field."""
        is_moved = one.label is None or one.label in self.active_labels
        return one.overridden_in if is_moved else one.owners[0]

    def produce(self, one: Field, place: str, number: int, arguments: Mapping[str, Any]) -> Any:
        """What a field without requirements gives, following the shape of its type."""
        chance = self._random(place, number)
        if one.named == "Int":
            plus = (arguments.get("n") or 0) if one.has_argument else 0
            return (
                None
                if not (one.returns.endswith("!") or one.non_null_in) and chance.random() < 0.2
                else chance.randrange(9) + plus
            )
        return self._shape(one.returns, one, chance)

    def _shape(self, returns: str, one: Field, chance: random.Random) -> Any:
        if not returns.endswith("!") and chance.random() < 0.15:
            return None
        returns = returns.removesuffix("!")
        if returns.startswith("["):
            return [self._shape(returns[1:-1], one, chance) for _ in range(chance.randrange(4))]
        match returns:
            case "V":
                return Instance("V", chance.randrange(100))
            case "Node":
                types = self.implementers(one.owners[0])
            case name if name.startswith("U_"):
                types = self.members(one.owners[0])
            case name:
                types = (name,)
        return Instance(chance.choice(types), chance.randrange(INSTANCES))

    def _needed(self, subgraph: str | None, of: Instance, name: str) -> Any:
        if subgraph is None:
            return self._as_sent(self.value(None, of, name, {"n": 2}))
        if name not in of.sent:
            raise LookupError(f"{subgraph} was not sent {of.type}.{name}")
        return self._as_sent(of.sent[name])

    def _as_sent(self, value: Any) -> Any:
        """A required value, reduced to the `id` that is required of objects."""
        match value:
            case list():
                return [self._as_sent(item) for item in value]
            case Instance():
                return {"id": self.value(None, value, "id", {})}
            case dict():
                return {"id": value["id"]}
            case _:
                return value

    def _random(self, *place: object) -> random.Random:
        return random.Random(f"{self.seed} {place}")

    # -- execution -------------------------------------------------------------------------------

    @cached_property
    def merged(self) -> GraphQLSchema:
        return self._executable(None, self.merged_sdl())

    @cached_property
    def _schemas(self) -> Mapping[str, GraphQLSchema]:
        return {name: self._executable(name, self._plain(name)) for name in self.subgraphs}

    def _plain(self, subgraph: str) -> str:
        sdl = self.sdl(subgraph, directives=False)
        members = ("Node",) if subgraph == NODES else self.members(subgraph)
        if not members:
            return sdl
        return f"""{sdl}
            scalar _Any
            union _Entity = {" | ".join(members)}
            extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}
        """

    def answer(self, request: SubgraphRequest) -> Any:
        """What a subgraph answers to a request."""
        result = graphql_sync(
            self._schemas[request.subgraph], request.query, variable_values=dict(request.variables)
        )
        return result.formatted

    def _executable(self, subgraph: str | None, sdl: str) -> GraphQLSchema:
        schema = build_schema(sdl)
        roots = {root.name: root for root in (*self.roots, *self.mutations)}

        def resolve(source: Any, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> Any:
            match source:
                case Instance():
                    return self.value(subgraph, source, info.field_name, arguments)
                case dict():
                    return source[info.field_name]
            if info.field_name == "_entities":
                return [self._found(subgraph or "", one) for one in arguments["representations"]]
            if info.field_name not in roots:
                return None
            return self.produce(roots[info.field_name], f"Query.{info.field_name}", 0, arguments)

        for named in schema.type_map.values():
            definition: Any = named
            if not named.name.startswith("__") and hasattr(named, "fields"):
                for one in definition.fields.values():
                    one.resolve = resolve
            if hasattr(named, "resolve_type"):
                definition.resolve_type = lambda value, *_: "Node" if subgraph == NODES else value.type
        return schema

    def _found(self, subgraph: str, representation: Mapping[str, Any]) -> Instance:
        if representation["__typename"] == "Node":
            name, _, digits = representation["id"].partition("-")
            return Instance(name, int(digits))
        entity = self.entities[representation["__typename"]]
        for number in range(INSTANCES):
            instance = Instance(entity.name, number, representation)
            for key in entity.keys[subgraph]:
                names = FIELDS_OF_KEY[key]
                if all(representation.get(name) == self.value(None, instance, name, {}) for name in names):
                    return instance
        raise LookupError(f"{subgraph} was sent {representation}, which has none of {entity.keys[subgraph]}")


def _without_directives(sdl: str) -> str:
    return re.sub(r'@\w+(\((fields|from): "[^"]*"(, label: "[^"]*")?\))?', "", sdl)
