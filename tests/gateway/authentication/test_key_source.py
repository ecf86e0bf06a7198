"""Keys behind a URL: asked for when they are needed, and kept when they do not come."""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from plait_gateway.authentication import KeysUnavailable
from plait_gateway.authentication.key_source import KeysBehindUrl, read_keys
from tests.gateway.authentication.issuer import Issuer, new_key


class Published:
    """A server of one document; it counts how often it is asked."""

    def __init__(self, content: bytes) -> None:
        self.content: bytes | None = content
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805 -- the library's name; ours is `self`
                self.asked += 1
                handler.send_response(503 if self.content is None else 200)
                handler.end_headers()
                handler.wfile.write(self.content or b"")

            def log_message(handler, *_: object) -> None:  # noqa: N805
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/jwks.json"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
def published(issuer: Issuer) -> Iterator[Published]:
    served = Published(issuer.jwks)
    yield served
    served.server.shutdown()
    served.server.server_close()


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def ids(keys: object) -> list[str]:
    return [key.kid for key in keys.keys]  # type: ignore[attr-defined]


async def test_keys_are_asked_for_once_however_many_need_them(published: Published) -> None:
    source = KeysBehindUrl(published.url, refresh_seconds=300, now=Clock())
    found = await asyncio.gather(*(source.current() for _ in range(5)))
    assert {id(keys) for keys in found} == {id(found[0])}
    assert (ids(found[0]), published.asked) == (["first"], 1)


async def test_after_a_while_they_are_asked_for_again_and_nobody_waits(
    published: Published, issuer: Issuer
) -> None:
    clock = Clock()
    source = KeysBehindUrl(published.url, refresh_seconds=300, now=clock)
    first = await source.current()
    issuer.keys.append(new_key("second"))
    published.content = issuer.jwks
    clock.seconds += 301
    assert await source.current() is first
    await source.renewed()  # waits for what has begun
    assert ids(await source.current()) == ["first", "second"]


async def test_unknown_keys_make_it_ask_but_not_all_the_time(published: Published) -> None:
    clock = Clock()
    source = KeysBehindUrl(published.url, refresh_seconds=300, now=clock)
    await source.current()
    for _ in range(20):
        await source.renewed()
    assert published.asked == 1
    clock.seconds += 11
    for _ in range(20):
        await source.renewed()
    assert published.asked == 2


async def test_what_came_before_is_kept_when_the_url_fails(published: Published) -> None:
    clock = Clock()
    source = KeysBehindUrl(published.url, refresh_seconds=300, now=clock)
    first = await source.current()
    for content in (None, b"[]", b"nonsense", b"\xff"):
        published.content = content
        clock.seconds += 301
        assert await source.renewed() is first


async def test_a_url_that_never_answered_is_told(published: Published) -> None:
    published.content = None
    source = KeysBehindUrl(published.url, refresh_seconds=300, now=Clock())
    with pytest.raises(KeysUnavailable, match="503"):
        await source.current()


def test_a_key_that_cannot_be_used_takes_no_other_with_it(issuer: Issuer) -> None:
    document = issuer.jwks.replace(b'{"keys": [', b'{"keys": [{"kty": "NEW"}, 7, {"kty": "OKP", "crv": "X"},')
    assert ids(read_keys(document)) == ["first"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"keys": 7}', b"\xff"])
def test_what_is_no_jwks_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_keys(content)
