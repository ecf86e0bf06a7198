from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import Declared, FieldSource, MergedField, MergedObject, places
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import INVALID_FIELD_SHARING, Diagnostic
from plait_schema.federation import applied


def field_sharing(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A field that several subgraphs resolve must be @shareable in all of them: any may be asked.

    Key fields and fields that are provided are shareable by themselves. A subscription field cannot be
    shared at all: each subgraph would send its own events. Moving a field by a label is not sharing it.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/sharing-types
    """
    for type_ in merged.objects():
        for field in type_.fields:
            if type_.name == "Subscription":
                yield from _marked(field)
            for resolving in _resolving_at_once(field):
                if problems := list(_check(type_, field, resolving)):
                    yield from problems
                    break


def _marked(field: MergedField) -> Iterator[Diagnostic]:
    """Only what is written counts: in Federation 1 all fields are shareable without saying so."""
    marked = tuple(
        Declared(source.declared.subgraph, directive)
        for source in field.sources
        for directive in applied(source.node, "shareable")
        if directive.loc is not None
    )
    if marked:
        yield INVALID_FIELD_SHARING.at(
            field.coordinate,
            f"{field.coordinate} is a subscription, which cannot be @shareable: each subgraph would send"
            f" its own events.",
            locations=places(marked),
            fix="Remove @shareable.",
        )


def _resolving_at_once(field: MergedField) -> Iterator[list[FieldSource]]:
    """The subgraphs that may be asked for the field, before and after it has moved by a label."""
    resolving = [source for source in (*field.sources, *field.abstracted) if source.is_resolving]
    moving = [source for source in resolving if source.overridden]
    takers = {source.overridden.by for source in moving if source.overridden}
    yield [source for source in resolving if source.subgraph not in takers]
    if moving:
        yield [source for source in resolving if source not in moving]


def _check(type_: MergedObject, field: MergedField, resolving: list[FieldSource]) -> Iterator[Diagnostic]:
    if len(resolving) < 2:
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
    elif lacking := [source for source in resolving if not source.is_shareable]:
        yield INVALID_FIELD_SHARING.at(
            field.coordinate,
            f"{field.coordinate} is resolved by {subgraphs},"
            f" but not marked @shareable in {named(source.subgraph for source in lacking)}"
            f"{_through_interface_object(lacking)}.",
            locations=where,
            fix="Mark it @shareable in all of them, or resolve it in one subgraph only.",
        )


def _through_interface_object(lacking: list[FieldSource]) -> str:
    through = sorted(source.subgraph for source in lacking if source.is_on_interface_object)
    return f" (in {named(through)} through an @interfaceObject)" if through else ""
