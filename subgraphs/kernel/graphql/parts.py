"""Parts of lists, for many parents at once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from subgraphs.kernel.domain import Slice, SliceRequest

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class PartOf:
    """A key of a loader: of whom or what, and which part."""

    id: str
    part: SliceRequest


async def load_parts(
    keys: list[PartOf], ask: Callable[[tuple[str, ...], SliceRequest], Awaitable[Mapping[str, Slice[V]]]]
) -> list[Slice[V] | None]:
    """The slices in the order of the keys; None for those that the asker may not see.

    Asked once for each part: nearly always one, a field has the same arguments for all of its parents.
    """
    found = {
        part: await ask(tuple(key.id for key in keys if key.part == part), part)
        for part in dict.fromkeys(key.part for key in keys)
    }
    return [found[key.part].get(key.id) for key in keys]
