"""A token is for the registry alone: it goes nowhere that an answer leads to, and into no error message."""

from email.message import Message
from http.client import HTTPResponse
from typing import IO, Final, cast
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener


class RedirectedError(OSError):
    """The answer leads elsewhere. The message says where."""


def bearer(token: str) -> str:
    """The `authorization` header of a token. Raises ValueError for one that no header can hold."""
    token = token.strip()  # a line end comes along from files and from secrets of CI
    if not (token.isascii() and token.isprintable()):
        raise ValueError("the token holds characters that no token has")
    return f"Bearer {token}"


def open_directly(request: Request, *, timeout: float) -> HTTPResponse:
    """As urllib's urlopen, but no redirect is followed: it would take the token along, and make a POST a GET.

    Raises what that raises, and RedirectedError.
    """
    return cast("HTTPResponse", _opener.open(request, timeout=timeout))


class _StayHere(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        fp.close()
        to = urlsplit(newurl)
        raise RedirectedError(f"its answer leads to {to.scheme}://{to.netloc}: name the registry itself")


_opener: Final = build_opener(_StayHere)
