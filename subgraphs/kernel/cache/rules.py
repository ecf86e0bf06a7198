"""What a cache is called, and how long it keeps a value."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class CacheRule:
    """`name` is what its keys look like, `tutor:{id}:courses`, or their beginning. ValueError when it has
    two placeholders: what is told apart, but forgotten together, is a member of one key.
    """

    name: str
    ttl: timedelta

    def __post_init__(self) -> None:
        if len(_PLACEHOLDER.findall(self.name)) > 1:
            raise ValueError(f"{self.name} has room for one key")

    def group(self, key: str) -> str:
        """The name of what is forgotten together. It is that of no other key, of no other rule."""
        escaped = key.replace("%", "%25").replace(":", "%3A")
        before, *after = _PLACEHOLDER.split(self.name)
        return f"{before}{escaped}{after[0]}" if after else f"{before}:{escaped}"
