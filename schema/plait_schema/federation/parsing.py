"""Text to syntax tree. The parser is recursive, so text that nests too deep is refused before it."""

import re

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, Source

from plait_schema.federation.compact_parser import CompactParser

MAXIMUM_NESTING = 64
"""Brackets within brackets. No schema needs a tenth of it; the parser would take about 200."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+(?:"""|\Z)'  # block string
    r'|"(?:[^"\\\r\n]++|\\.)*+"?'
    r"|\#[^\r\n]*"
    r"|(?P<open>[\[({])|(?P<close>[\])}])"
)


def parse_document(text: str, *, name: str = "GraphQL", no_location: bool = False) -> DocumentNode:
    """The document that the text holds, with locations in a source of this name.

    A byte order mark and any line ends are accepted. Raises GraphQLSyntaxError, also for text that nests
    deeper than MAXIMUM_NESTING, and GraphQLError for text that cannot be decoded.
    """
    source = Source(text.removeprefix("\ufeff"), name)
    if (position := _too_deep_at(source.body)) is not None:
        raise GraphQLSyntaxError(source, position, f"Nested deeper than {MAXIMUM_NESTING} levels.")
    try:
        return CompactParser(source, no_location=no_location).parse_document()
    except ValueError as error:  # lone surrogates and the like
        raise GraphQLError(f"Not a text: {error}") from error


def open_brackets(text: str) -> list[int]:
    """Where the brackets stand that are still open at the end of the text, the outermost first."""
    found: list[int] = []
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                found.append(token.start())
            case "close" if found:
                found.pop()
    return found


def _too_deep_at(text: str) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                depth += 1
                if depth > MAXIMUM_NESTING:
                    return token.start()
            case "close":
                depth -= 1
    return None
