from collections.abc import Iterator
from typing import Final

from graphql import Node, print_ast

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedField, MergedObject
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import INVALID_FIELD_SHARING, Diagnostic
from plait_schema.federation import applied, keys_of

_USUAL_FIX: Final = "Mark it @shareable in all of them, or resolve it in one subgraph only."


def field_sharing(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A field that several subgraphs resolve must be @shareable in all of them: any may be asked.

    Key fields and fields that are provided are shareable by themselves. A subscription field cannot be
    marked: each subgraph would send its own events. A field that moves by a label counts as moved.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/sharing-types
    """
    for type_ in merged.objects():
        for field in type_.fields:
            if type_.name == "Subscription":
                yield from _marked(field)
            yield from _check(merged, type_, field)


def _marked(field: MergedField) -> Iterator[Diagnostic]:
    """Only what is written on the field itself counts, not `@shareable` on the type."""
    marked = tuple(
        Declared(source.declared.subgraph, directive)
        for source in field.sources
        for directive in applied(source.node, "shareable")
        if _is_within(directive, source.node)
    )
    if marked:
        yield INVALID_FIELD_SHARING.at(
            field.coordinate,
            f"{field.coordinate} is a subscription, which cannot be @shareable: each subgraph would send"
            f" its own events.",
            locations=places(marked),
            fix="Remove @shareable.",
        )


def _is_within(directive: Node, field: Node) -> bool:
    if directive.loc is None or field.loc is None:
        return False  # Federation 1 shares without saying so
    return field.loc.start <= directive.loc.start < field.loc.end


def _resolving(field: MergedField) -> list[FieldSource]:
    """The subgraphs that may be asked for the field, once it has moved by all its labels."""
    return [
        source
        for source in (*field.sources, *field.abstracted)
        if source.is_resolving and not source.overridden
    ]


def _check(merged: MergedSchema, type_: MergedObject, field: MergedField) -> Iterator[Diagnostic]:
    resolving = _resolving(field)
    lacking = [source for source in resolving if not source.is_shareable]
    if len(resolving) < 2 or not lacking:
        return
    subgraphs = named(source.subgraph for source in resolving)
    where = places(tuple(source.declared for source in resolving))
    if type_.name == "Subscription":
        yield INVALID_FIELD_SHARING.at(
            field.coordinate,
            f"{field.coordinate} is a subscription, but {subgraphs} all resolve it.",
            locations=where,
            fix="Keep it in one subgraph, or give the others another name.",
        )
    else:
        yield INVALID_FIELD_SHARING.at(
            field.coordinate,
            f"{field.coordinate} is resolved by {subgraphs},"
            f" but not marked @shareable in {named(source.subgraph for source in lacking)}"
            f"{_through_interface_object(lacking)}.",
            locations=where,
            fix=_misnamed_override(merged, resolving) or _forgotten_key(type_, field) or _USUAL_FIX,
        )


def _forgotten_key(type_: MergedObject, field: MergedField) -> str | None:
    """What has an ID but no key in any subgraph was most likely meant to be an entity."""
    if print_ast(field.type) != "ID!" or any(keys_of(declared.node) for declared in type_.declared):
        return None
    return (
        f'Is {type_.name} the same thing in all of them? Then mark it @key(fields: "{field.name}") there.'
        f" Otherwise mark the field @shareable, or resolve it in one subgraph only."
    )


def _misnamed_override(merged: MergedSchema, resolving: list[FieldSource]) -> str | None:
    """An @override that names no subgraph was most likely meant to take the field from the other one."""
    names = {subgraph.name for subgraph in merged.subgraphs}
    for source in resolving:
        if source.override and source.override.from_subgraph not in names:
            others = [other.subgraph for other in resolving if other is not source]
            return (
                f'Write @override(from: "{others[0]}") in "{source.subgraph}", if the field moves from there.'
            )
    return None


def _through_interface_object(lacking: list[FieldSource]) -> str:
    through = sorted(source.subgraph for source in lacking if source.is_on_interface_object)
    return f" (in {named(through)} through an @interfaceObject)" if through else ""
