"""The pages as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from subgraphs.mails.links import link_to
from subgraphs.mails.pages import ASSETS, Pages, Wanted
from subgraphs.notification.senders.files import Outbox

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

MAILS: Final = "/mails"
LINKS: Final = f"{MAILS}/to"
_MOST_DIGITS: Final = 9  # of an offset
_HTML: Final = "text/html; charset=utf-8"
_OURS: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_A_MAILS_OWN: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    type: str
    content: bytes
    policy: str = _OURS


@dataclass(frozen=True, slots=True)
class MailsApp:
    """Shows what is in the outbox, and what stands behind the links of that."""

    outbox: Outbox
    pages: Pages
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def __call__(self, scope: MutableMapping[str, Any], _: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"no {scope['type']} here")
        if scope["method"] in ("GET", "HEAD"):
            query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
            response = await self._response(scope["path"], query)
        else:
            response = _Response(405, _HTML, self.pages.missing("nothing here to be done").encode())
        await _respond(send, response, with_content=scope["method"] != "HEAD")

    async def _response(self, path: str, query: Mapping[str, str]) -> _Response:
        match path.strip("/").split("/"):
            case ["mails"]:
                wanted = Wanted(
                    query.get("q", ""), query.get("channel", ""), _offset(query.get("offset", ""))
                )
                async with self._reading:
                    messages = await asyncio.to_thread(self.outbox.read)
                return _page(self.pages.index(messages, wanted))
            case ["mails", "assets", name] if name in ASSETS:
                return _Response(200, *ASSETS[name])
            case ["mails", id_]:
                async with self._reading:
                    messages = await asyncio.to_thread(self.outbox.read)
                return self._found(self.pages.message(messages, id_))
            case ["mails", id_, "body"]:
                async with self._reading:
                    messages = await asyncio.to_thread(self.outbox.read)
                return self._found(self.pages.body(messages, id_), policy=_A_MAILS_OWN)
            case ["mails", "to", *place]:
                link = link_to(place, query)
                return self._found(None if link is None else self.pages.link(link, f"/{'/'.join(place)}"))
            case _:
                return self._found(None)

    def _found(self, page: str | None, *, policy: str = _OURS) -> _Response:
        if page is None:
            return _Response(404, _HTML, self.pages.missing("no such message or page").encode())
        return _Response(200, _HTML, page.encode(), policy)


def mails_app(folder: Path, *, public_url: str, logins: tuple[tuple[str, str, str], ...]) -> MailsApp:
    """Over an outbox of files, which need not exist yet. `logins` are roles, addresses and passwords."""
    return MailsApp(Outbox(folder), Pages(public_url, logins))


def _offset(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _page(html: str) -> _Response:
    return _Response(200, _HTML, html.encode())


async def _respond(send: Send, response: _Response, *, with_content: bool) -> None:
    headers = [
        (b"content-type", response.type.encode()),
        (b"content-length", str(len(response.content)).encode()),
        (b"content-security-policy", response.policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),  # addresses of links hold tokens
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content if with_content else b""})
