"""What changes for clients."""

from collections.abc import Iterator

from plait_schema.checks.judging import counted, finding_of_change, finding_of_diagnostic
from plait_schema.checks.report import Finding, Section
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import NO_USAGE_RECORDED


def changing(situation: Situation) -> Section:
    """Each change of the supergraph as it counts for the clients that are known."""
    if (reason := missing_side(situation)) is not None:
        return Section("changes", reason, skipped=True)
    return Section("changes", f"{counted(len(situation.changes), 'change')}.", tuple(_findings(situation)))


def missing_side(situation: Situation) -> str | None:
    """Why before and after cannot be compared, if they cannot."""
    if situation.after is None:
        return "The subgraphs do not compose."
    if situation.before is None:
        published = situation.request.published
        return "The published subgraphs do not compose." if published else "Nothing is published yet."
    return None


def _findings(situation: Situation) -> Iterator[Finding]:
    for change in situation.changes:
        yield finding_of_change(change, situation.traffic, situation.errors_after, situation.places.of)
    if situation.request.operations is not None and situation.traffic is None:
        message = "There are no recorded operations, or none that count: no change is safe based on usage."
        yield finding_of_diagnostic(NO_USAGE_RECORDED.at(None, message))
