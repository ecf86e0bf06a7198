"""The value of `@fromContext(field:)`: `$context { selection }`.

https://specs.apollo.dev/context/v0.1
"""

import re
from dataclasses import dataclass

_SELECTION = re.compile(
    r"(?:[\s,]|#[^\r\n]*[\r\n])*\$(?:[\s,]|#[^\r\n]*[\r\n])*(?P<context>[_A-Za-z][_0-9A-Za-z]*)(?P<field_set>.*)",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ContextSelection:
    """A context, and what is taken from the type that set it."""

    context: str
    field_set: str  # as written: `{ locale }`, or type conditions, for each of which one applies


def parse_context_selection(text: str) -> ContextSelection | None:
    """The parts of the value, None when it does not begin with the name of a context."""
    match = _SELECTION.fullmatch(text)
    return ContextSelection(match["context"], match["field_set"].strip()) if match else None
