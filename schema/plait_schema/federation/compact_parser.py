"""graphql-core's parser, with syntax trees that take a third less memory.

Every node of graphql-core's own knows its first and last token, and every token its neighbours: a tree holds
all tokens of the text, in cycles that only the garbage collector ends. Here nodes know their range alone.
"""

from graphql import Lexer, Location, Source, Token, TokenKind
from graphql.language.parser import Parser


class CompactParser(Parser):
    """Gives the same nodes for the same text; only the tokens of their locations are missing."""

    def __init__(self, source: Source, *, no_location: bool) -> None:
        super().__init__(source, no_location=no_location, lexer=_Lexer(source))
        self._last: _Range | None = None

    def loc(self, start_token: Token) -> Location | None:
        """The range of the node that began with a token; the same object for the same range, mostly."""
        if self._no_location:
            return None
        start, end = start_token.start, self._lexer.last_token.end
        if self._last is None or (self._last.start, self._last.end) != (start, end):
            self._last = _Range(start, end, self._lexer.source)
        return self._last


class _Range(Location):
    """A location without tokens."""

    __slots__ = ()

    def __init__(self, start: int, end: int, source: Source) -> None:
        self.start = start
        self.end = end
        self.source = source


class _Lexer(Lexer):
    """Tokens know their successor, while the parser has not got there."""

    def advance(self) -> Token:
        """Go on to the next token and let go of the one before."""
        token = self.lookahead()
        self.last_token, self.token = self.token, token
        self.last_token.next = None
        return token

    def lookahead(self) -> Token:
        """The next token that is no comment."""
        if self.token.kind is TokenKind.EOF:
            return self.token
        if self.token.next is None:
            following = self.read_next_token(self.token.end)
            while following.kind is TokenKind.COMMENT:
                following = self.read_next_token(following.end)
            self.token.next = following
        return self.token.next
