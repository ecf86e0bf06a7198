"""@interfaceObject: the fields it adds to an interface are fields of all implementations, too."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge.inherited_access import with_access
from plait_schema.composition.merged import MergedField, MergedInterface, MergedObject, MergedType

_Added: TypeAlias = Mapping[str, tuple[MergedField, tuple[FieldSource, ...]]]


def implement_interface_objects(types: Mapping[str, MergedType]) -> Mapping[str, MergedType]:
    """The types, where each implementation has the fields of its interfaces' @interfaceObject types."""
    added = {
        name: fields
        for name, type_ in types.items()
        if isinstance(type_, MergedInterface) and (fields := dict(_added_fields(type_)))
    }
    return {
        name: _implement(type_, added) if isinstance(type_, MergedObject) else type_
        for name, type_ in types.items()
    }


def _added_fields(
    interface: MergedInterface,
) -> Iterator[tuple[str, tuple[MergedField, tuple[FieldSource, ...]]]]:
    for field in interface.fields:
        sources = tuple(
            source for source in field.sources if source.is_on_interface_object and source.is_resolving
        )
        if sources:
            yield field.name, (field, sources)


def _implement(type_: MergedObject, added: Mapping[str, _Added]) -> MergedObject:
    inherited: dict[str, tuple[MergedField, tuple[FieldSource, ...]]] = {}
    for interface in sorted(type_.interfaces):
        for name, (field, sources) in added.get(interface, {}).items():
            first, others = inherited.get(name, (field, ()))
            inherited[name] = (first, (*others, *sources))
    if not inherited:
        return type_
    own = {field.name for field in type_.fields}
    fields = [
        _resolved(field, *inherited[field.name]) if field.name in inherited else field
        for field in type_.fields
    ]
    for name, (field, sources) in inherited.items():
        if name not in own:
            coordinate = f"{type_.name}.{name}"
            arguments = tuple(
                replace(argument, coordinate=f"{coordinate}({argument.name}:)")
                for argument in field.arguments
            )
            fields.append(
                replace(field, coordinate=coordinate, arguments=arguments, sources=(), abstracted=sources)
            )
    return replace(type_, fields=tuple(fields))


def _resolved(field: MergedField, added: MergedField, sources: tuple[FieldSource, ...]) -> MergedField:
    """A field that the implementation has, too; where it is external there, the interface's applies to it.

    It has no description then: no subgraph that resolves it describes it as a field of this type. What the
    interface's asks for must hold in any case: the field may be answered there.
    """
    if field.owners:
        directives = with_access(field.directives, (added.directives,))
        return replace(field, abstracted=sources, directives=directives)
    return replace(field, abstracted=sources, description=None, directives=added.directives)
