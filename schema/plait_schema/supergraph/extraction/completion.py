"""What join v0.1 leaves unsaid, so that each subgraph is a schema of its own.

It names neither the key fields that a subgraph repeats nor the external fields that it mentions, and puts
value types into every subgraph.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.usage import selected_fields
from plait_schema.supergraph.extraction.definitions import Definitions
from plait_schema.supergraph.extraction.holdings import Holding
from plait_schema.supergraph.extraction.joins import HeldField, Joins


def complete(
    holdings: Mapping[str, Holding], definitions: Definitions, joins: Joins
) -> Mapping[str, Holding]:
    """Each subgraph's part of the supergraph, as it must have been to be valid by itself."""
    said = [name for name, node in definitions.types.items() if joins.types(node)]
    roots = [each.type.name.value for each in definitions.schema_definition.operation_types or ()]
    return {
        subgraph: _complete(holding, definitions, joins, [*said, *roots])
        for subgraph, holding in holdings.items()
    }


def _complete(holding: Holding, definitions: Definitions, joins: Joins, starts: Sequence[str]) -> Holding:
    if joins.document.join.version < (0, 2):
        holding = _with_mentioned_fields(holding, definitions)
    if not joins.says("implements"):
        holding = _with_possible_interfaces(holding)
    return _without_unused(holding, definitions, starts)


def _with_mentioned_fields(holding: Holding, definitions: Definitions) -> Holding:
    """With the fields of keys, and as external ones those that @requires and @provides mention."""
    schema = definitions.schema
    added: dict[str, dict[str, HeldField]] = {}
    for name, held in holding.items():
        for key in held.keys:
            for type_, field in selected_fields(key.fields, schema.get_type(name), schema):
                added.setdefault(type_, {})[field] = HeldField()
    for name, held in holding.items():
        for field_name, held_field in held.fields.items():
            returned = definitions.field_type(name, field_name, held_field.type)
            for start, text in ((name, held_field.requires), (returned, held_field.provides)):
                for type_, field in selected_fields(text or "", schema.get_type(start), schema):
                    added.setdefault(type_, {}).setdefault(field, HeldField(is_external=True))
    return {
        name: replace(held, fields=_in_order(definitions, name, {**added.get(name, {}), **held.fields}))
        for name, held in holding.items()
    }


def _in_order(definitions: Definitions, type_: str, fields: dict[str, HeldField]) -> dict[str, HeldField]:
    return {name: fields[name] for name in definitions.fields[type_] if name in fields}


def _with_possible_interfaces(holding: Holding) -> Holding:
    """Where nobody says so, a type implements the interfaces that it has all fields of."""
    return {
        name: replace(
            held,
            interfaces=tuple(
                interface
                for interface in held.interfaces
                if interface in holding and holding[interface].fields.keys() <= held.fields.keys()
            ),
        )
        for name, held in holding.items()
    }


def _without_unused(holding: Holding, definitions: Definitions, starts: Sequence[str]) -> Holding:
    """Only what is said to be here or a root (the `starts`), and what these lead to."""
    implementations: dict[str, list[str]] = {}
    for name, held in holding.items():
        for interface in held.interfaces:
            implementations.setdefault(interface, []).append(name)
    if holding.keys() <= set(starts):
        return holding
    waiting = [*starts]
    for directive in definitions.directives.values():
        waiting += [named_type(argument.type).name.value for argument in directive.arguments or ()]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in holding and name not in reached:
            reached.add(name)
            held = holding[name]
            waiting += [*held.interfaces, *held.members, *implementations.get(name, ())]
            for field, held_field in held.fields.items():
                waiting.append(definitions.field_type(name, field, held_field.type))
                waiting += definitions.argument_types(name, field)
    return {name: held for name, held in holding.items() if name in reached}
