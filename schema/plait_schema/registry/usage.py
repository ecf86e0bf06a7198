"""Usage as people look at it: by operation, busiest first."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plait_schema.registry.store import Used
from plait_schema.usage import UsageRecord, quantile


@dataclass(frozen=True, slots=True)
class OperationUsage:
    """All that was sent of one operation. `clients` counts requests by `name version`."""

    id: str
    name: str | None
    document: str
    requests: int
    errors: int
    durations: Mapping[int, int]
    clients: Mapping[str, int]

    def quantile(self, share: float) -> float | None:
        """Seconds that this share of the requests did not exceed."""
        return quantile(self.durations, share)


def by_operation(used: Iterable[Used]) -> tuple[OperationUsage, ...]:
    """One for each operation, those with most requests first."""
    found: dict[str, list[Used]] = {}
    for one in used:
        found.setdefault(one.operation, []).append(one)
    operations = [_operation(parts) for parts in found.values()]
    return tuple(sorted(operations, key=lambda one: (-one.requests, one.name or "", one.id)))


def as_jsonl(used: Iterable[Used]) -> str:
    """In the format that `plait check --usage` reads, a line for each operation and client."""
    return "".join(json.dumps(_record(one).as_json()) + "\n" for one in used)


def _operation(parts: list[Used]) -> OperationUsage:
    durations, clients = Counter[int](), Counter[str]()
    for part in parts:
        durations.update(part.durations)
        clients[f"{part.client} {part.client_version}".strip() or "unnamed"] += part.requests
    first = parts[0]
    return OperationUsage(
        first.operation,
        first.name,
        first.document,
        sum(part.requests for part in parts),
        sum(part.errors for part in parts),
        durations,
        dict(clients.most_common()),
    )


def _record(one: Used) -> UsageRecord:
    return UsageRecord(
        one.document,
        one.name,
        one.client,
        one.client_version,
        one.requests,
        one.errors,
        one.first,
        one.last,
        one.durations,
    )
