"""Access requirements of interfaces: whoever asks an interface may get any of its implementations.

Subgraphs cannot put them on interfaces, but on the fields of interface objects; the supergraph has there what
these and all implementations together ask for.
https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graphql import ConstDirectiveNode

from plait_schema.composition.merge.applied_directives import merge_applications
from plait_schema.composition.merged import MergedField, MergedInterface, MergedObject, MergedType

ACCESS = frozenset({"authenticated", "policy", "requiresScopes"})


def inherit_access(types: Mapping[str, MergedType]) -> Mapping[str, MergedType]:
    """The types, where interfaces and their fields have the requirements of what implements them."""
    implementations = implementations_of(types.values())
    return {
        name: _inherit(type_, implementations.get(name, ())) if isinstance(type_, MergedInterface) else type_
        for name, type_ in types.items()
    }


def implementations_of(types: Iterable[MergedType]) -> Mapping[str, list[MergedObject]]:
    """By interface: the object types that implement it."""
    found: dict[str, list[MergedObject]] = {}
    for type_ in types:
        if isinstance(type_, MergedObject):
            for interface in type_.interfaces:
                found.setdefault(interface, []).append(type_)
    return found


def _inherit(interface: MergedInterface, implementations: Iterable[MergedObject]) -> MergedInterface:
    by_name: dict[str, list[MergedField]] = {}
    for type_ in implementations:
        for field in type_.fields:
            by_name.setdefault(field.name, []).append(field)
    return replace(
        interface,
        directives=with_access(interface.directives, (type_.directives for type_ in implementations)),
        fields=tuple(
            replace(
                field,
                directives=with_access(
                    field.directives, (each.directives for each in by_name.get(field.name, ()))
                ),
            )
            for field in interface.fields
        ),
    )


def with_access(
    own: tuple[ConstDirectiveNode, ...], others: Iterable[tuple[ConstDirectiveNode, ...]]
) -> tuple[ConstDirectiveNode, ...]:
    """The own directives, with the access requirements of the others merged in."""
    applied = [*own, *(directive for directives in others for directive in directives)]
    found = [
        merge_applications(named)
        for name in sorted(ACCESS)
        if (named := [directive for directive in applied if directive.name.value == name])
    ]
    return (*(directive for directive in own if directive.name.value not in ACCESS), *found)
