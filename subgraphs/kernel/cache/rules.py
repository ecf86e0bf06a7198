"""What a cache is called, and how long it keeps a value."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class CacheRule:
    """`name` is the beginning of its keys."""

    name: str
    ttl: timedelta

    def group(self, key: str) -> str:
        """The name of what is forgotten together."""
        return f"{self.name}:{key}"
