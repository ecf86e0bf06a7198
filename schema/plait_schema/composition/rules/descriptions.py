from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.descriptions import descriptions as descriptions_of
from plait_schema.composition.merged import merged_declarations, places
from plait_schema.diagnostics import INCONSISTENT_DESCRIPTION, Diagnostic


def descriptions(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The subgraphs should describe an element alike; clients see the most common description."""
    for element in merged.elements():
        declared = merged_declarations(element)
        if len(declared) > 1 and len(set(descriptions_of(declared))) > 1:
            yield INCONSISTENT_DESCRIPTION.at(
                element.coordinate,
                f"{element.coordinate} is described differently; the supergraph has"
                f' "{_short(element.description or "")}".',
                locations=places(declared),
            )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
