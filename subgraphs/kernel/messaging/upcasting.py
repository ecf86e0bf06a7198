"""Reading what earlier versions of the program have written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upcaster:
    """From one version of a message's JSON to the next. `up` is pure: it neither asks nor looks at a clock.

    Messages are stored as they were written, for ever; a chain of upcasters brings them to the version that
    the code knows, each time they are read. `up` may make several messages of one, in their order, or none.
    That is for what contexts tell each other: each event of an aggregate is one step of its history, and
    stays one.
    """

    type: str
    from_version: int
    up: Callable[[JsonObject], JsonObject | Sequence[JsonObject]]


def upcast(data: JsonObject, chain: Sequence[Upcaster]) -> list[JsonObject]:
    """What has become of a message at the end of a chain."""
    messages = [data]
    for upcaster in chain:
        messages = [one for message in messages for one in _as_several(upcaster.up(message))]
    return messages


def _as_several(made: JsonObject | Sequence[JsonObject]) -> Sequence[JsonObject]:
    return (dict(made),) if isinstance(made, Mapping) else made
