"""Entity interfaces: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/interfaces."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, InterfaceTypeDefinitionNode

from plait_schema.diagnostics import (
    INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
    INTERFACE_OBJECT_USAGE_ERROR,
    Diagnostic,
)
from plait_schema.federation import Key, applied
from plait_schema.federation.field_set import sorted_field_set
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.field_sets import selection_problems
from plait_schema.subgraph.rules.valid_keys import valid_keys_of


def interface_keys(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Whoever resolves an interface by a key resolves each of its implementations by that key."""
    for name, node in subgraph.types.items():
        interface = subgraph.schema.get_type(name)
        if not isinstance(node, InterfaceTypeDefinitionNode) or not isinstance(
            interface, GraphQLInterfaceType
        ):
            continue
        for key in _sound_keys(name, subgraph):
            for type_ in subgraph.schema.get_possible_types(interface):
                yield from _missing(key, interface, type_, subgraph)


def interface_objects(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """An `@interfaceObject` stands for the interface's entities, so it needs a key to reach them by."""
    for name, node in subgraph.types.items():
        if (marks := applied(node, "interfaceObject")) and not applied(node, "key"):
            yield INTERFACE_OBJECT_USAGE_ERROR.at(
                name,
                f"{name} is an @interfaceObject, but has no key that its entities could be reached by.",
                locations=subgraph.locate(*marks),
                fix=f'Add the key that the interface {name} has in other subgraphs, as @key(fields: "...").',
            )


def _sound_keys(name: str, subgraph: Subgraph) -> tuple[Key, ...]:
    return tuple(
        key
        for key in valid_keys_of(subgraph.types[name])
        if not selection_problems(key.selection_set, name, subgraph.schema)
    )


def _missing(
    key: Key, interface: GraphQLInterfaceType, type_: GraphQLObjectType, subgraph: Subgraph
) -> Iterator[Diagnostic]:
    node = subgraph.types[type_.name]
    keys = _sound_keys(type_.name, subgraph)
    if len(keys) < len(applied(node, "key")):
        return  # the key may be the one that is no good, which is said already
    same = [own for own in keys if sorted_field_set(own.selection_set) == sorted_field_set(key.selection_set)]
    if not same:
        message = f'{type_.name} implements {interface.name} but does not have its key "{key.field_set}".'
        fix = f'Add @key(fields: "{key.field_set}") to {type_.name}.'
    elif key.resolvable and not any(own.resolvable for own in same):
        message = (
            f'{type_.name} has the key "{key.field_set}" of the interface {interface.name}, but it is not '
            "resolvable."
        )
        fix = "Make both keys resolvable, or neither."
    else:
        return
    places = subgraph.locate(key.node, node)
    yield INTERFACE_KEY_NOT_ON_IMPLEMENTATION.at(type_.name, message, locations=places, fix=fix)
