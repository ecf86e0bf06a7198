"""Reading what earlier versions of the program have written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upcaster:
    """From one version of a message's JSON to the next. `up` is pure: it neither asks nor looks at a clock.

    Messages are stored as they were written, for ever; a chain of upcasters brings them to the version that
    the code knows, each time they are read.
    """

    type: str
    from_version: int
    up: Callable[[JsonObject], JsonObject]
