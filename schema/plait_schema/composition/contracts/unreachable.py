from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedInputObject,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedUnion,
)
from plait_schema.composition.rules.visibility import is_hidden, refers_to, visible_fields
from plait_schema.contract import Contract

_ROOTS = ("Query", "Mutation", "Subscription")


def unreachable(merged: MergedSchema, contract: Contract) -> frozenset[str]:
    """When asked, types are hidden that no operation can mention.

    Operations start at the root types and go through what is visible, from an interface to what implements
    it and back; directives mention types, too. https://www.apollographql.com/docs/rover/commands/contracts
    """
    if not contract.hide_unreachable_types:
        return frozenset()
    implementations: dict[str, list[str]] = {}
    for type_ in merged.composites():
        for interface in type_.interfaces:
            implementations.setdefault(interface, []).append(type_.name)
    waiting = list(_ROOTS)
    for directive in merged.directives:
        waiting += [refers_to(argument) for argument in directive.arguments]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in merged.types and name not in reached and not is_hidden(merged.types[name]):
            reached.add(name)
            waiting += [*_mentioned(merged, name), *implementations.get(name, ())]
    return frozenset(merged.types.keys() - reached)


def _mentioned(merged: MergedSchema, name: str) -> Iterator[str]:
    match merged.types[name]:
        case MergedObject() | MergedInterface() as type_:
            yield from type_.interfaces
            for field in visible_fields(type_):
                yield refers_to(field)
                yield from _visible(field.arguments)
        case MergedUnion(members=members):
            yield from members
        case MergedInputObject(fields=fields):
            yield from _visible(fields)


def _visible(values: tuple[MergedInputValue, ...]) -> Iterator[str]:
    return (refers_to(value) for value in values if value.is_kept and not is_hidden(value))
