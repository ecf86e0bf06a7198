"""The tokens of a plan's text: GraphQL's, and the arrow between representations and what is asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


class PlanSyntaxError(ValueError):
    """A text that is not a query plan; line and column count from 1."""

    def __init__(self, message: str, text: str, position: int) -> None:
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        super().__init__(f"{message} (line {self.line}, column {self.column})")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a string with its quotes or a punctuator, and where it begins; "" is the end."""

    text: str
    start: int


_TOKEN = re.compile(
    r"""(?P<ignored>[\s,\ufeff]+|\#[^\n]*)
    |"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|"(?:[^"\\\n]|\\.)*"
    |=>|\.{3}|[\w.+-]+|[{}()\[\]:$@!=|&]""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, the end last. Raises PlanSyntaxError."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise PlanSyntaxError(f"Unexpected {text[position]!r}", text, position)
        if not found["ignored"]:
            yield Token(found[0], position)
        position = found.end()
    yield Token("", len(text))
