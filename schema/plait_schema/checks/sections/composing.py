"""Whether the subgraphs compose."""

from plait_schema.checks.judging import counted, finding_of_diagnostic
from plait_schema.checks.report import Section
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import Severity


def composing(situation: Situation) -> Section:
    """Errors of composition, and hints that the published subgraphs do not give."""
    known = {(each.code, each.coordinate, each.message) for each in situation.base.diagnostics}
    findings = tuple(
        finding_of_diagnostic(diagnostic)
        for diagnostic in situation.composition.diagnostics
        if diagnostic.severity is Severity.ERROR
        or (diagnostic.code, diagnostic.coordinate, diagnostic.message) not in known
    )
    subgraphs = counted(len(situation.request.sources), "subgraph")
    does = "composes" if len(situation.request.sources) == 1 else "compose"
    fine = situation.composition.supergraph_sdl is not None
    note = f"{subgraphs} {does}." if fine else f"{subgraphs} do not compose."
    return Section("compose", note, findings)
