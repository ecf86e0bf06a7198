"""What an operation can mention: what no operation can reach, nobody misses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveLocation,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_union_type,
)

EXECUTABLE = frozenset(
    {
        DirectiveLocation.QUERY,
        DirectiveLocation.MUTATION,
        DirectiveLocation.SUBSCRIPTION,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_DEFINITION,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
        DirectiveLocation.VARIABLE_DEFINITION,
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The types that clients can get (or name in a fragment), and those that they can send."""

    outputs: frozenset[str]
    inputs: frozenset[str]
    directives: frozenset[str]  # those that can stand in an operation


def reach_of(schema: GraphQLSchema, entities: Iterable[str] = ()) -> Reach:
    """Everything that can be reached from the roots and entities, and from directives for operations."""
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    outputs = reachable_from(schema, *roots, *(schema.type_map[name] for name in entities))
    inputs: set[str] = set()
    executable = [each for each in schema.directives if EXECUTABLE.intersection(each.locations)]
    fields = (field for type_ in outputs for field in getattr(type_, "fields", {}).values())
    for holder in (*executable, *fields):
        for argument in holder.args.values():
            _reach_input(argument.type, inputs)
    return Reach(
        frozenset(each.name for each in outputs),
        frozenset(inputs),
        frozenset(each.name for each in executable),
    )


def reachable_from(schema: GraphQLSchema, *starts: Any) -> tuple[Any, ...]:
    """The types that a selection on one of these can get to, themselves included."""
    found: dict[str, Any] = {}
    waiting: list[Any] = list(starts)
    unions = [type_ for type_ in schema.type_map.values() if is_union_type(type_)]
    while waiting:
        type_ = get_named_type(waiting.pop())
        if type_.name in found:
            continue
        found[type_.name] = type_
        if is_object_type(type_) or is_interface_type(type_):
            waiting += type_.interfaces
            waiting += (field.type for field in type_.fields.values())
        if is_abstract_type(type_):
            waiting += schema.get_possible_types(type_)
        if is_object_type(type_):  # a fragment on a union may stand wherever one of its members does
            waiting += (union for union in unions if type_ in union.types)
    return tuple(found.values())


def _reach_input(type_: Any, inputs: set[str]) -> None:
    waiting = [type_]
    while waiting:
        named = get_named_type(waiting.pop())
        if named.name not in inputs:
            inputs.add(named.name)
            if is_input_object_type(named):
                waiting += (field.type for field in named.fields.values())
