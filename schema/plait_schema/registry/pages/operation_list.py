"""A long list of operations, of which people look at a part: searched, sorted, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from plait_schema.registry.usage import OperationUsage

_PAGE: Final = 100

#: By what the list is sorted; all but names with the most first.
_SORTS: Final[Mapping[str, Callable[[OperationUsage], Any]]] = {
    "requests": lambda one: -one.requests,
    "errors": lambda one: (-one.errors / one.requests if one.requests else 0, -one.errors),
    "p50": lambda one: -(one.quantile(0.5) or 0),
    "p95": lambda one: -(one.quantile(0.95) or 0),
    "clients": lambda one: -len(one.clients),
    "name": lambda one: (one.name or one.document).casefold(),
}


@dataclass(frozen=True, slots=True)
class OperationList:
    """A page of what was found. `words` and `sort` are as they were asked for, `sort` being one there is."""

    words: str
    sort: str
    number: int
    shown: tuple[OperationUsage, ...]
    found: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // _PAGE))


def operation_list(operations: Sequence[OperationUsage], words: str, sort: str, number: int) -> OperationList:
    """The operations that have all the words in their name, document or clients, whatever their case."""
    wanted = words.casefold().split()
    found = [one for one in operations if not wanted or _has(one, wanted)]
    sort = sort if sort in _SORTS else "requests"
    found.sort(key=_SORTS[sort])
    number = max(1, min(number, -(-len(found) // _PAGE)))
    start = (number - 1) * _PAGE
    return OperationList(words, sort, number, tuple(found[start : start + _PAGE]), len(found))


def _has(one: OperationUsage, wanted: Sequence[str]) -> bool:
    text = "\n".join((one.name or "", one.document, *one.clients)).casefold()
    return all(word in text for word in wanted)
