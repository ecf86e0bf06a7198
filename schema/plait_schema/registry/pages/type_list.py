"""The types that somebody looks for in a schema: in full where they are few, else a line each, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plait_schema.registry.pages.explorer import ShownType

_FEW: Final = 25  # types that are shown in full
_LINES: Final = 200  # on one page


@dataclass(frozen=True, slots=True)
class TypeList:
    """Page `number` of the `found` types that have all the words."""

    words: str
    found: int
    number: int
    pages: int
    shown: tuple[ShownType, ...]
    in_full: bool


def type_list(types: Sequence[ShownType], words: str, number: int) -> TypeList:
    """Words are looked for in the names of types and of their fields; beyond the last page is the last."""
    wanted = words.lower().split()
    found = [one for one in types if _has(one, wanted)] if wanted else list(types)
    in_full = len(found) <= _FEW
    pages = 1 if in_full else -(-len(found) // _LINES)
    number = min(number, pages)
    shown = found if in_full else found[(number - 1) * _LINES : number * _LINES]
    return TypeList(words, len(found), number, pages, tuple(shown), in_full)


def _has(type_: ShownType, wanted: Sequence[str]) -> bool:
    names = " ".join((type_.name, *(field.name for field in type_.fields))).lower()
    return all(word in names for word in wanted)
