"""One line of usage: how often one client sent one operation in a span of time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

FORMAT: Final = "plait-usage"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """`document` is one operation with its fragments; `errors` counts the responses with errors.

    `durations` are counts by bucket (see plait_schema.usage.durations).
    """

    document: str
    name: str | None
    client: str
    client_version: str
    requests: int
    errors: int
    start: datetime
    end: datetime
    durations: Mapping[int, int] = field(default_factory=dict)

    @property
    def operation_id(self) -> str:
        return hashlib.sha256(self.document.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The record of the format `plait-usage`, version 1."""
        return {
            "operation": {"id": self.operation_id, "name": self.name, "document": self.document},
            "client": {"name": self.client, "version": self.client_version},
            "requests": self.requests,
            "errors": self.errors,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "durations": {str(bucket): count for bucket, count in sorted(self.durations.items())},
        }
