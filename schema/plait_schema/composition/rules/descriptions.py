from collections.abc import Iterator

from graphql import Node

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.descriptions import descriptions as descriptions_of
from plait_schema.composition.merged import merged_declarations
from plait_schema.diagnostics import INCONSISTENT_DESCRIPTION, Diagnostic


def descriptions(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The subgraphs should describe an element alike; clients see the most common description."""
    for element in merged.elements():
        yield from _check(element.coordinate, element.description, merged_declarations(element))
    definitions = tuple(Declared(subgraph, subgraph.schema_definition) for subgraph in merged.subgraphs)
    yield from _check(None, merged.description, definitions)


def _check(
    coordinate: str | None, kept: str | None, declared: tuple[Declared[Node], ...]
) -> Iterator[Diagnostic]:
    if len(set(descriptions_of(declared))) > 1:
        yield INCONSISTENT_DESCRIPTION.at(
            coordinate,
            f"{coordinate or 'The schema'} is described differently; the supergraph has"
            f' "{_short(kept or "")}".',
            locations=places(declared),
        )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
