"""The line of a subgraph's schema that a finding is about, with a mark under the place."""

import re
from collections.abc import Iterator
from typing import Final

from plait_schema.diagnostics import Location

_LINE_BREAK: Final = re.compile(r"\r\n|[\n\r]")
_MARKED: Final = re.compile(r"@?\w+|.?")  # a name, a directive, or one character
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]")
_WIDEST: Final = 100
_BEFORE: Final = 40  # characters of a long line that are shown before the place


class Excerpts:
    """Shows places in one schema, whose lines are found once."""

    def __init__(self, sdl: str) -> None:
        self._lines = _LINE_BREAK.split(sdl.removeprefix("\ufeff"))

    def at(self, place: Location) -> Iterator[str]:
        """The line, under its number, and the mark; nothing for a place that the schema does not have."""
        if place.line > len(self._lines):
            return
        line = printable(self._lines[place.line - 1])
        first = place.column - 1
        marked = _MARKED.match(line, first)
        width = len(marked[0]) if marked else 0
        start = 0 if len(line) <= _WIDEST else max(0, first - _BEFORE)
        shown = line[start : start + _WIDEST]
        number = str(place.line)
        yield f"{number} | {'…' if start else ''}{shown.rstrip()}{'…' if start + _WIDEST < len(line) else ''}"
        indent = " " * (first - start + bool(start))
        mark = "^" * max(1, min(width, _WIDEST - (first - start)))
        yield f"{' ' * len(number)} | {indent}{mark}"


def printable(line: str) -> str:
    """Every character takes one place, and none tells the terminal to do something."""
    return _UNPRINTABLE.sub(lambda found: " " if found[0] == "\t" else "\ufffd", line)
