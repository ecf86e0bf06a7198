"""Random small federations over one set of data, and the same graph as one merged schema.

An entity is a type and a number. The value of each of its fields follows from these and the seed alone,
so every subgraph that has a field, and the merged schema, give the same. What a subgraph is not sent it
does not know: a field that requires others is computed from what the representation says of them.
"""

import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from graphql import (
    FieldNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    build_schema,
    graphql_sync,
    value_from_ast_untyped,
)

from plait_gateway.clients import SubgraphRequest
from plait_schema.subgraph import SubgraphSource
from tests.gateway.properties.sdl import executable_sdl, merged_sdl, subgraph_sdl
from tests.gateway.properties.structure import NODES, Entity, Field, Structure, field_set

INSTANCES = 3
LABELS = ("percent(20)", "new", "other")


@dataclass(frozen=True)
class Instance:
    """An entity, or a part of a value.

    `sent` is what a representation said of it, `provided` what the field that leads to it provides of it.
    """

    type: str
    number: int
    sent: Mapping[str, Any] | None = None
    provided: SelectionSetNode | None = None


@dataclass(frozen=True)
class Federation:
    """`active_labels` are on: who has an overridden field decides whether its value is right."""

    seed: int
    structure: Structure
    active_labels: frozenset[str] = frozenset()

    @property
    def subgraphs(self) -> tuple[str, ...]:
        return self.structure.subgraphs

    @property
    def roots(self) -> tuple[Field, ...]:
        return self.structure.roots

    def sources(self) -> tuple[SubgraphSource, ...]:
        """The subgraphs' SDL for composition."""
        return tuple(
            SubgraphSource(name, f"http://{name}.example/", subgraph_sdl(self.structure, name))
            for name in self.subgraphs
        )

    @cached_property
    def merged(self) -> GraphQLSchema:
        return self._executable(None, merged_sdl(self.structure))

    def answer(self, request: SubgraphRequest) -> Any:
        """What a subgraph answers to a request."""
        result = graphql_sync(
            self._schemas[request.subgraph], request.query, variable_values=dict(request.variables)
        )
        return result.formatted

    @cached_property
    def _schemas(self) -> Mapping[str, GraphQLSchema]:
        return {name: self._executable(name, executable_sdl(self.structure, name)) for name in self.subgraphs}

    # -- values ----------------------------------------------------------------------------------

    def value(self, subgraph: str | None, of: Instance, name: str, arguments: Mapping[str, Any]) -> Any:
        """A field's value: from the data, or from what the representation said."""
        if (found := _of_key(of, name)) is not None:
            return found
        if of.type == "V":
            return self._random("V", of.number, name).choice([None, 1, 2, 3])
        one, place = self._field(of.type, name)
        if one.requires:
            needed = field_set(one.requires)
            sent = self._projected(needed, of) if subgraph is None else _as_sent(needed, of.sent or {})
            return zlib.crc32(json.dumps([place, sent]).encode()) % 1000
        if self._is_stale(subgraph, one):
            return -1
        provided = _provided(of, name)
        if provided is None and subgraph not in (None, one.overridden_in, *one.owners):
            raise LookupError(f"{subgraph} was asked for {place}, which is external there")
        value = self.produce(one, f"{place} {of.type}", of.number, arguments)
        return value if provided is None else _providing(provided, value)

    def produce(self, one: Field, place: str, number: int, arguments: Mapping[str, Any]) -> Any:
        """What a field without requirements gives, following the shape of its type."""
        plus = arguments.get("n", (arguments.get("of") or {}).get("n")) or 0
        value = self._shape(one.returns, one, self._random(place, number), plus)
        return _providing(field_set(one.provides), value) if one.provides else value

    def _shape(self, returns: str, one: Field, chance: random.Random, plus: int) -> Any:
        if not returns.endswith("!") and chance.random() < 0.15 and not one.nullable_in:
            return None
        returns = returns.removesuffix("!")
        if returns.startswith("["):
            return [self._shape(returns[1:-1], one, chance, plus) for _ in range(chance.randrange(4))]
        match returns:
            case "Int":
                return chance.randrange(9) + plus
            case "Stamp":
                return chance.choice(("now", 7, {"at": [1, None]}))
            case "Size":
                return chance.choice(("S", "M", "L"))
            case "V":
                return Instance("V", chance.randrange(100))
        return Instance(chance.choice(self._types(one)), chance.randrange(INSTANCES))

    def _types(self, one: Field) -> tuple[str, ...]:
        """Of which types the objects are that a field leads to."""
        match one.named:
            case _ if one.narrowed is not None:
                return one.narrowed[1:]
            case "Node":
                return self.structure.implementers(one.owners[0])
            case name if name.startswith("U_"):
                return self.structure.members(one.owners[0])
            case name:
                return (name,)

    def _field(self, type_name: str, name: str) -> tuple[Field, str]:
        """A field of an entity, with a name for the place of its values."""
        of_node = next((one for one in self.structure.node_fields if one.name == name), None)
        if of_node is not None:
            return of_node, f"Node.{name}"
        return self.structure.entities[type_name].field(name), f"{type_name}.{name}"

    def _is_stale(self, subgraph: str | None, one: Field) -> bool:
        """Whether another subgraph has the field: asked here it would be wrong."""
        if subgraph is None or one.overridden_in is None:
            return False
        has_moved = one.label is None or one.label in self.active_labels
        return subgraph == one.overridden_in if has_moved else subgraph in one.owners

    def _projected(self, selection_set: SelectionSetNode, of: Instance) -> dict[str, Any]:
        """What a representation would say."""
        found: dict[str, Any] = {}
        for node in selection_set.selections:
            match node:
                case FieldNode(name=name, selection_set=inner, arguments=arguments):
                    given = {one.name.value: value_from_ast_untyped(one.value) for one in arguments or ()}
                    value = self.value(None, of, name.value, given)
                    found[name.value] = self._projected_value(inner, value)
                case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                    if condition.name.value == of.type:
                        found |= self._projected(inner, of)
        return found

    def _projected_value(self, selection_set: SelectionSetNode | None, value: Any) -> Any:
        match value:
            case list():
                return [self._projected_value(selection_set, item) for item in value]
            case Instance() if selection_set is not None:
                return self._projected(selection_set, value)
            case dict() if selection_set is not None:
                return _as_sent(selection_set, value)
            case _:
                return value

    def _random(self, *place: object) -> random.Random:
        return random.Random(f"{self.seed} {place}")

    # -- execution -------------------------------------------------------------------------------

    def _executable(self, subgraph: str | None, sdl: str) -> GraphQLSchema:
        schema = build_schema(sdl)
        roots = {root.name: root for root in (*self.structure.roots, *self.structure.mutations)}

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
                definition.resolve_type = lambda value, *_: "Node" if subgraph in NODES else value.type
        return schema

    def _found(self, subgraph: str, representation: Mapping[str, Any]) -> Instance:
        if representation["__typename"] == "Node":
            name, _, digits = representation["id"].partition("-")
            return Instance(name, int(digits), representation)
        entity: Entity = self.structure.entities[representation["__typename"]]
        for number in range(INSTANCES):
            instance = Instance(entity.name, number, representation)
            for key in entity.keys[subgraph]:
                if self._is_named(representation, instance, field_set(key)):
                    return instance
        raise LookupError(f"{subgraph} was sent {representation}, which has none of {entity.keys[subgraph]}")

    def _is_named(self, sent: Mapping[str, Any], instance: Instance, key: SelectionSetNode) -> bool:
        try:
            expected: Any = _as_sent(key, self._projected(key, instance))
            return bool(_as_sent(key, sent) == expected)
        except LookupError:
            return False


def _provided(of: Instance, name: str) -> SelectionSetNode | None:
    """What is provided below a field that is provided itself; None where it is not."""
    for node in of.provided.selections if of.provided else ():
        match node:
            case FieldNode(selection_set=inner) if node.name.value == name:
                return inner or SelectionSetNode(selections=())
            case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                if condition.name.value == of.type and (
                    found := _provided(replace(of, provided=inner), name)
                ):
                    return found
    return None


def _providing(provided: SelectionSetNode, value: Any) -> Any:
    match value:
        case Instance():
            return replace(value, provided=provided)
        case list():
            return [_providing(provided, item) for item in value]
        case _:
            return value


def _of_key(of: Instance, name: str) -> Any:
    match name:
        case "id":
            return f"{of.type}-{of.number}"
        case "sku":
            return f"sku {of.type} {of.number}"
        case "ref":
            return _ref(of, 0)
        case "codes":
            return [f"{of.type}{of.number}", "all"]
        case "refs":
            return [_ref(of, number) for number in range(of.number)]
        case _:
            return None


def _ref(of: Instance, number: int) -> dict[str, Any]:
    return {"code": f"code {of.type} {of.number}", "no": number}


def _as_sent(selection_set: SelectionSetNode, sent: Any) -> Any:
    """What a representation says, reduced to a field set; LookupError for what it does not say."""
    match sent:
        case list():
            return [_as_sent(selection_set, item) for item in sent]
        case None:
            return None
    found: dict[str, Any] = {}
    for node in selection_set.selections:
        match node:
            case FieldNode(name=name, selection_set=inner):
                if name.value not in sent:
                    raise LookupError(f"was not sent {name.value} in {sent}")
                value = sent[name.value]
                found[name.value] = value if inner is None else _as_sent(inner, value)
            case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                if sent["__typename"] == condition.name.value:
                    found |= _as_sent(inner, sent)
    return found
