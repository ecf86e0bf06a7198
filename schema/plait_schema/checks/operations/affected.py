"""Which operations a change touches, and whether clients send them often enough to matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from graphql import GraphQLSchema

from plait_schema.checks.operations.mentions import mentions
from plait_schema.checks.operations.recorded import Client, RecordedOperation, Use
from plait_schema.checks.settings import UsageSettings


@dataclass(frozen=True, slots=True)
class Traffic:
    """The operations that count, by what they mention, and how many requests there were in all."""

    operations: tuple[RecordedOperation, ...]
    by_mention: Mapping[str, tuple[RecordedOperation, ...]]
    requests: int
    settings: UsageSettings

    def touched(self, touches: Iterable[str]) -> tuple[RecordedOperation, ...]:
        """The operations that mention one of these, in their order."""
        ids = {operation.id for touch in touches for operation in self.by_mention.get(touch, ())}
        return tuple(operation for operation in self.operations if operation.id in ids)

    def matters(self, operations: Iterable[RecordedOperation]) -> bool:
        """Whether clients that send these break: they are above the thresholds, or nobody counted."""
        operations = tuple(operations)
        if any(not operation.uses for operation in operations):
            return True
        requests = sum(requests_of(operation) for operation in operations)
        percentage = 100 * requests / self.requests if self.requests else 0.0
        least, share = self.settings.minimum_requests or 1, self.settings.minimum_percentage or 0.0
        return requests >= least and percentage >= share


def traffic_of(
    operations: Iterable[RecordedOperation],
    schema: GraphQLSchema,
    settings: UsageSettings,
    *,
    now: datetime,
) -> Traffic:
    """The operations with the uses that are in the window and not of an excluded client.

    One whose uses all fall away is not counted; one that nobody counted is.
    """
    counted = tuple(
        replace(operation, uses=uses)
        for operation in operations
        if (uses := tuple(use for use in operation.uses if _counts(use, settings, now))) or not operation.uses
    )
    by_mention: dict[str, list[RecordedOperation]] = {}
    for operation in counted:
        for mention in mentions(operation, schema):
            by_mention.setdefault(mention, []).append(operation)
    return Traffic(
        counted,
        {mention: tuple(found) for mention, found in by_mention.items()},
        sum(requests_of(operation) for operation in counted),
        settings,
    )


def requests_of(operation: RecordedOperation) -> int:
    """All requests of an operation."""
    return sum(use.requests for use in operation.uses)


def clients_of(operation: RecordedOperation) -> Mapping[Client, int]:
    """The requests of each client, in order of names."""
    found: dict[Client, int] = {}
    for use in operation.uses:
        found[use.client] = found.get(use.client, 0) + use.requests
    return {client: found[client] for client in sorted(found)}


def _counts(use: Use, settings: UsageSettings, now: datetime) -> bool:
    if settings.window is not None and use.end is not None and use.end < now - settings.window:
        return False
    names = use.client.name, f"{use.client.name}@{use.client.version}"
    return not any(fnmatchcase(name, pattern) for pattern in settings.excluded_clients for name in names)
