"""What usage is counted under: an operation without what it says about people.

Strings and numbers are emptied, since they may be passwords; enum values and the names of input fields stay,
since removing those from a schema breaks who uses them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from graphql import Lexer, Node, Source, TokenKind

from plait_gateway.planner import Operation

_EMPTY = {
    TokenKind.STRING: '""',
    TokenKind.BLOCK_STRING: '""',
    TokenKind.INT: "0",
    TokenKind.FLOAT: "0",
}


class SentOperation(NamedTuple):
    """An operation as usage knows it: its signature, and its name where it has one."""

    signature: str
    name: str | None


def sent_operation(operation: Operation) -> SentOperation:
    name = operation.definition.name
    return SentOperation(signature_of(operation), name.value if name else None)


def signature_of(operation: Operation) -> str:
    """The operation, with the fragments that it uses, as one line of GraphQL."""
    order: list[str] = []
    texts = [*_texts(operation.definition, order)]
    for name in order:  # which grows on the way
        texts += _texts(operation.fragments[name], order)
    return " ".join(texts)


def _texts(definition: Node, order: list[str]) -> Iterator[str]:
    assert definition.loc is not None, "the document was parsed with places"
    text = definition.loc.source.body[definition.loc.start : definition.loc.end]
    lexer = Lexer(Source(text))
    before = lexer.advance()
    if before.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING):  # a description
        before = lexer.advance()
    yield text[before.start : before.end]
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        word = text[token.start : token.end]
        if (
            before.kind is TokenKind.SPREAD
            and token.kind is TokenKind.NAME
            and word != "on"
            and word not in order
        ):
            order.append(word)
        yield _EMPTY.get(token.kind, word)
        before = token
