"""What webhooks tell: events, as JSON of which the fields stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from plait_schema.registry.model import Cause, Origin, State, VariantId, Version

_MOST_FINDINGS: Final = 20  # in one event; the registry has the others


class Topic(StrEnum):
    """What happened."""

    PUBLISHED = "published"
    NOT_COMPOSED = "not_composed"
    ROLLED_BACK = "rolled_back"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    TEST = "test"  # somebody wants to see whether it comes


#: Those that one can ask for.
TOPICS: Final = tuple(topic for topic in Topic if topic is not Topic.TEST)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a variant, or to none in particular; `data` are values of JSON."""

    topic: Topic
    variant_id: VariantId | None
    at: datetime
    data: Mapping[str, Any]


def event_of_version(version: Version) -> Event:
    """That a change composes and is served, or that it does not compose."""
    match version:
        case Version(state=State.COMPOSED, cause=Cause.ROLLBACK):
            topic = Topic.ROLLED_BACK
        case Version(state=State.COMPOSED):
            topic = Topic.PUBLISHED
        case _:
            topic = Topic.NOT_COMPOSED
    errors = [one for one in version.findings if one["severity"] == "error"]
    data = {
        "version": version.number,
        "state": str(version.state),
        "cause": str(version.cause),
        "subgraphs": [part.name for part in version.parts],
        "supergraphDigest": version.supergraph,
        **_who(version.by, version.origin),
        "errors": len(errors),
        "findings": _findings(errors),
    }
    return Event(topic, version.variant_id, version.at, _of(version.variant_id) | data)


def event_of_check(
    variant_id: VariantId,
    number: int,
    subgraph: str,
    report: Mapping[str, Any],
    *,
    origin: Origin,
    by: str,
    at: datetime,
) -> Event:
    """That a check passed or failed; `report` is as `plait check --format json` tells it."""
    found = [finding for section in report["sections"] for finding in section["findings"]]
    failing = [finding for finding in found if finding["fails"]]
    outcome = report["outcome"]
    data = {
        "check": number,
        "subgraph": subgraph,
        "outcome": outcome,
        **_who(by, origin),
        "errors": report["counts"]["error"],
        "warnings": report["counts"]["warning"],
        "findings": _findings(failing),
    }
    topic = Topic.CHECK_FAILED if outcome == "failed" else Topic.CHECK_PASSED
    return Event(topic, variant_id, at, _of(variant_id) | data)


def event_of_test(by: str, at: datetime) -> Event:
    return Event(Topic.TEST, None, at, {"by": by})


def _of(variant_id: VariantId) -> dict[str, Any]:
    return {"graph": variant_id.graph, "variant": variant_id.variant}


def _who(by: str, origin: Origin) -> dict[str, Any]:
    return {"by": by, "author": origin.author, "commit": origin.commit, "message": origin.message}


def _findings(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"code": one["code"], "coordinate": one["coordinate"], "message": one["message"]}
        for one in findings[:_MOST_FINDINGS]
    ]
