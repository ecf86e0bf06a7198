"""GraphQL text as HTML: what kind of word each is, by graphql-core's own lexer."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from graphql import GraphQLError, Lexer, Source, Token, TokenKind
from markupsafe import Markup, escape

_KEYWORDS: Final = frozenset(
    {
        *("type", "interface", "union", "enum", "input", "scalar", "directive", "extend", "schema"),
        *("implements", "repeatable", "on", "query", "mutation", "subscription", "fragment"),
    }
)
_KINDS: Final = {
    TokenKind.STRING: "s",
    TokenKind.BLOCK_STRING: "s",
    TokenKind.COMMENT: "c",
    TokenKind.INT: "n",
    TokenKind.FLOAT: "n",
}


def highlighted(text: str) -> Markup:
    """The text with its words in spans; from where it is no GraphQL, as it is."""
    parts: list[str] = []
    position, before = 0, TokenKind.SOF
    for token in _tokens(text):
        parts.append(escape(text[position : token.start]))
        word = text[token.start : token.end]
        kind = _kind(token.kind, word, before)
        parts.append(Markup('<span class="{}">{}</span>').format(kind, word) if kind else escape(word))
        position, before = token.end, token.kind
    return Markup("").join([*parts, escape(text[position:])])


def _tokens(text: str) -> Iterator[Token]:
    """Comments included, as long as it is GraphQL."""
    lexer = Lexer(Source(text))
    first = lexer.token
    with suppress(GraphQLError):
        while lexer.advance().kind is not TokenKind.EOF:
            pass
    token = first.next
    while token is not None and token.kind is not TokenKind.EOF:
        yield token
        token = token.next


def _kind(kind: TokenKind, word: str, before: TokenKind) -> str | None:
    if kind is TokenKind.NAME:
        if before is TokenKind.AT:
            return "d"
        if word in _KEYWORDS:
            return "k"
        return "t" if word[:1].isupper() else None
    return "d" if kind is TokenKind.AT else _KINDS.get(kind)
