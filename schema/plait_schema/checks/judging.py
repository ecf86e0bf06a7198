"""From changes and diagnostics to findings: what is tolerated, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from plait_schema.checks.approvals import Approvals
from plait_schema.checks.changes import Change, Criticality, fingerprint
from plait_schema.checks.operations import RecordedOperation, Traffic
from plait_schema.checks.operations.affected import clients_of, requests_of
from plait_schema.checks.report import AffectedOperation, Finding, Reason, Tolerated
from plait_schema.diagnostics import FIELD_TYPE_NARROWED_BESIDE_OTHERS, Diagnostic, Location, Severity

Locate: TypeAlias = Callable[[str | None], tuple[Location, ...]]


def finding_of_change(
    change: Change, traffic: Traffic | None, invalid: Mapping[str, object], locate: Locate
) -> Finding:
    """The change as it counts for the clients that are known.

    `invalid` are the ids of operations that no longer validate.
    """
    touched = traffic.touched(change.touches) if traffic is not None else ()
    if change.code is FIELD_TYPE_NARROWED_BESIDE_OTHERS:
        touched = tuple(operation for operation in touched if operation.id in invalid)
    finding = Finding(
        change.code.name,
        change.code.severity,
        change.message,
        change.fingerprint,
        change.coordinate,
        locate(change.coordinate),
        criticality=change.criticality,
        affected=affected(touched) if change.criticality is not Criticality.SAFE else (),
    )
    if change.unreachable:
        return tolerate(finding, Reason.UNREACHABLE, "No operation can mention it")
    if traffic is None or change.criticality is Criticality.SAFE:
        return finding
    if not touched:
        return tolerate(finding, Reason.USAGE, "Safe based on usage: no recorded operation uses it")
    if not traffic.matters(touched):
        requests = sum(requests_of(operation) for operation in touched)
        return tolerate(finding, Reason.USAGE, f"Safe based on usage: {counted(requests, 'request')}")
    return finding


def finding_of_diagnostic(diagnostic: Diagnostic, locate: Locate | None = None) -> Finding:
    """A diagnostic of composition or lint. Where it has no place, the coordinate's is taken."""
    locations = diagnostic.locations or (locate(diagnostic.coordinate) if locate is not None else ())
    return Finding(
        diagnostic.code,
        diagnostic.severity,
        diagnostic.message,
        fingerprint(diagnostic.code, diagnostic.coordinate or diagnostic.message, *diagnostic.subgraphs),
        diagnostic.coordinate,
        locations,
        diagnostic.fix,
    )


def with_approval(finding: Finding, approvals: Approvals, today: date) -> Finding:
    """A finding that somebody approved counts no more; when the approval has ended, the hint says so."""
    approval = approvals.get(finding.fingerprint)
    if approval is None or finding.severity is Severity.HINT:
        return finding
    if not approval.holds(today):
        ended = f"The approval by {approval.by} ended on {approval.until}."
        return replace(finding, hint=f"{finding.hint} {ended}" if finding.hint else ended)
    return tolerate(finding, Reason.APPROVAL, f"Approved by {approval.by}: {approval.reason}")


def tolerate(finding: Finding, reason: Reason, text: str) -> Finding:
    """The finding as a hint, with the reason."""
    criticality = None if finding.criticality is None else Criticality.SAFE
    tolerated = Tolerated(reason, text, finding.severity)
    return replace(finding, severity=Severity.HINT, criticality=criticality, tolerated=tolerated)


def affected(operations: Iterable[RecordedOperation]) -> tuple[AffectedOperation, ...]:
    """Operations as findings show them."""
    return tuple(
        AffectedOperation(
            operation.title,
            operation.id,
            operation.location,
            {str(client) or "unknown client": count for client, count in clients_of(operation).items()},
        )
        for operation in operations
    )


def counted(number: int, what: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
