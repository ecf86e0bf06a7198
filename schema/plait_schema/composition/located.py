"""Where the elements that findings name are declared."""

from collections.abc import Iterable
from dataclasses import replace

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.diagnostics import Diagnostic


def located(findings: Iterable[Diagnostic], merged: MergedSchema) -> tuple[Diagnostic, ...]:
    """The findings about the whole graph, which know no place, at all declarations of what they name."""
    findings = tuple(findings)
    if not findings:
        return ()
    declared = {element.coordinate: element.declared for element in merged.elements()}
    return tuple(
        finding
        if finding.locations
        else replace(finding, locations=tuple(sorted(places(declared.get(finding.coordinate or "", ())))))
        for finding in findings
    )
