"""The text under which an operation's plan is kept: equal for operations that ask the same, in one order."""

from collections.abc import Iterator

from graphql import Lexer, Node, Source, TokenKind

from plait_gateway.planner import Operation

_STRINGS = (TokenKind.STRING, TokenKind.BLOCK_STRING)


def normalized_text(operation: Operation) -> str:
    """What is left of an operation and its fragments without layout, comments and descriptions.

    Its own name is left out, fragments are numbered in the order in which they are spread, and what belongs
    to other operations of the document is not there. Variables and aliases stay: values and responses go by
    these names, and a response has its fields in the order of the operation.
    """
    spread = _Numbers()
    texts = [operation.definition.operation.value, *_texts(operation.definition, spread)]
    for name in spread.order:  # which grows on the way
        texts += _texts(operation.fragments[name], spread)
    return " ".join(texts)


class _Numbers(dict[str, str]):
    """Numbers names in the order in which they are first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[str] = []

    def __missing__(self, name: str) -> str:
        self.order.append(name)
        return self.setdefault(name, str(len(self)))


def _texts(definition: Node, spread: _Numbers) -> Iterator[str]:
    """The tokens of a definition after its name; of a spread, the fragment's number."""
    tokens = _tokens(definition)
    before, text = next(tokens)
    if before in _STRINGS:
        before, text = next(tokens)
    if before is TokenKind.BRACE_L:
        yield text
    else:  # query, mutation, fragment
        before, text = next(tokens)
        if before is not TokenKind.NAME:
            yield text
    for kind, text in tokens:
        if before is TokenKind.SPREAD and kind is TokenKind.NAME and text != "on":
            yield spread[text]
        else:
            yield text
        before = kind


def _tokens(definition: Node) -> Iterator[tuple[TokenKind, str]]:
    assert definition.loc is not None, "the document was parsed with places"
    text = definition.loc.source.body[definition.loc.start : definition.loc.end]
    lexer = Lexer(Source(text))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        yield token.kind, text[token.start : token.end]
