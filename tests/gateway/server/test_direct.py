"""Requests that are answered without ASGI, over real connections; everything else goes there as it would."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plait_gateway.app import create_app
from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.clients.send import Cancel, nothing_to_cancel
from plait_gateway.config import (
    CorsConfig,
    GatewayConfig,
    HeadersConfig,
    LimitsConfig,
    MetricsConfig,
    SubgraphsConfig,
)
from plait_gateway.server.direct import DirectProtocol
from plait_gateway.server.exchange import HttpResponse, read_body, respond
from plait_gateway.server.known_heads import Begin
from plait_gateway.server.request_headers import RequestHeaders
from plait_gateway.supergraph import SupergraphHolder
from plait_gateway.usage import UsageRecorder
from tests.gateway.served import serving
from tests.gateway.shop import ACROSS, SUPERGRAPH, shop

CLOSE = b"connection: close\r\n"


class App:
    """Answers directly what says so in its body: `now`, `soon`, or `never`."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.given_up = asyncio.Event()
        self.heads = 0  # that were read

    async def __call__(self, scope: Scope, receive: Receive, send: SendMessage) -> None:
        body = await read_body(dict(scope["headers"]).get(b"content-length"), receive, limit=1_000_000)
        await respond(HttpResponse(200, "text/plain", b"asgi " + body), scope, send)

    def direct(self, target: bytes, headers: RequestHeaders) -> Begin | None:
        self.heads += 1
        return partial(self._begin, target) if headers[b"host"] == b"x" else None

    def _begin(
        self, target: bytes, body: bytes, peer: str | None, respond: Callable[[HttpResponse], None]
    ) -> Cancel | None:
        assert peer == "127.0.0.1"
        response = HttpResponse(200, "text/plain", b"direct " + body, ((b"x-target", target),))
        match body.partition(b" ")[0]:
            case b"now":
                respond(response)
            case b"soon":
                asyncio.get_running_loop().call_soon(respond, response)
            case b"never":
                self.waiting.set()
                return self.given_up.set
            case _:
                return None
        return nothing_to_cancel


@asynccontextmanager
async def connected(
    app: object, protocol: type[DirectProtocol] = DirectProtocol
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with serving(app, protocol) as url:  # type: ignore[arg-type]  # an app with more to it
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            async with asyncio.timeout(120):
                yield reader, writer
        finally:
            writer.close()


def post(body: bytes, more: bytes = b"", *, target: bytes = b"/graphql") -> bytes:
    return b"POST %b HTTP/1.1\r\nhost: x\r\n%bcontent-length: %d\r\n\r\n%b" % (target, more, len(body), body)


async def bodies(pieces: Iterable[bytes]) -> list[bytes]:
    """The bodies of all answers on one connection, which the last request closes."""
    async with connected(App()) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        answers = (await reader.read()).split(b"HTTP/1.1 200 OK\r\n")
    assert answers[0] == b""
    return [answer.partition(b"\r\n\r\n")[2] for answer in answers[1:]]


@pytest.mark.parametrize("when", [b"now", b"soon"])
async def test_answers_keep_the_order_of_requests_whoever_gives_them(when: bytes) -> None:
    """One that comes while another is answered goes by ASGI, which keeps it waiting."""
    asked = [when + b" 1", b"2", when + b" 3", when + b" 4", b"5"]
    requests = b"".join([*map(post, asked[:-1]), post(asked[-1], CLOSE)])
    together = await bodies([requests])
    in_pieces = await bodies([requests[at : at + 7] for at in range(0, len(requests), 7)])
    for answers in (together, in_pieces):
        assert [answer.partition(b" ")[2] for answer in answers] == asked
        assert answers[:2] == [b"direct " + asked[0], b"asgi 2"]


REQUESTS = st.tuples(
    st.sampled_from([b"now", b"soon", b"asgi"]),
    st.sampled_from([b"", b"x: y\r\n", b"content-type: a\r\n"]),
    st.sampled_from([b"/graphql", b"/other"]),
    st.integers(0, 20),
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(REQUESTS, min_size=1, max_size=8),
    st.lists(st.one_of(st.none(), st.integers(1, 150)), max_size=12),
)
def test_every_request_is_answered_in_its_turn_however_it_is_cut(
    requests: list[tuple[bytes, bytes, bytes, int]], sizes: list[int | None]
) -> None:
    """None is a whole request: only then is its head looked for among those that are known."""
    asked = [b"%b %d" % (how, number) for how, _, _, number in requests]
    left = [
        post(body, more, target=target) for body, (_, more, target, _) in zip(asked, requests, strict=True)
    ]
    left.append(post(b"now 0", CLOSE))
    pieces = []
    for size in sizes:
        if not left:
            break
        piece, rest = left[0][:size], left[0][len(left[0]) if size is None else size :]
        pieces.append(piece)
        left[:1] = [rest] if rest else []
    answers = asyncio.run(bodies([*pieces, *left]))
    assert [answer.partition(b" ")[2] for answer in answers] == [*asked, b"now 0"]


async def test_a_connection_is_kept_and_closed_as_the_client_says() -> None:
    async with connected(App()) as (reader, writer):
        for _ in range(2):
            writer.write(post(b"soon"))
            answer = await reader.readuntil(b"direct soon")
            assert b"connection: close" not in answer
            assert b"x-target: /graphql\r\n" in answer
        writer.write(post(b"soon", CLOSE))
        answer = await reader.read()
    assert CLOSE in answer
    assert answer.endswith(b"direct soon")


async def test_a_head_that_came_twice_is_not_read_again() -> None:
    app = App()
    async with connected(app) as (reader, writer):
        for body in (b"soon a", b"soon b", b"soon c", b"asgi d", b"soon e"):
            writer.write(post(body))
            await reader.readuntil(b" " + body)
        assert app.heads == 2
        for target in (b"/other", b"/other", b"/graphql"):
            writer.write(post(b"soon e", target=target))
            assert b"x-target: %b\r\n" % target in await reader.readuntil(b"soon e")
    assert app.heads == 4


async def test_heads_that_come_once_push_no_other_one_out() -> None:
    app = App()
    async with connected(app) as (reader, writer):
        for number in range(300):
            for head in (b"", b"x-request-id: %d\r\n" % number):
                writer.write(post(b"now", head))
                await reader.readuntil(b"direct now")
    assert app.heads == 2 + 300


@pytest.mark.parametrize(
    ("pieces", "bodies"),
    [
        ([post(b"soon 1") + post(b"soon 2")], [b"soon 1", b"soon 2"]),
        ([post(b"soon 1") + b"POST", post(b"soon 2")[4:]], [b"soon 1", b"soon 2"]),
        ([post(b"soon 1")[:-1], b"1"], [b"soon 1"]),
        ([b"\r\n\r\n" + post(b"soon 1")], [b"soon 1"]),
        ([post(b"soon 1", b"expect: 100-continue\r\n")], [b"soon 1"]),
    ],
    ids=["two at once", "one and a bit", "in pieces", "empty lines before it", "another head"],
)
async def test_what_is_not_one_whole_request_with_a_known_head_is_read(
    pieces: list[bytes], bodies: list[bytes]
) -> None:
    async with connected(App()) as (reader, writer):
        for _ in range(2):
            writer.write(post(b"soon 0"))
            await reader.readuntil(b"direct soon 0")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        for body in [*bodies, b"soon 3"]:
            if body == b"soon 3":
                writer.write(post(body))
            assert (await reader.readuntil(body)).count(b"content-length: ") == 1


class _Hasty(DirectProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive = 0.05  # type: ignore[assignment]  # seconds, of which uvicorn wants whole ones


@pytest.mark.parametrize("bodies", [[b"soon"], [b"soon", b"asgi"]])
async def test_a_connection_that_idles_is_closed(bodies: list[bytes]) -> None:
    async with connected(App(), _Hasty) as (reader, writer):
        writer.write(b"".join(map(post, bodies)))
        for body in bodies:
            await reader.readuntil(b" " + body)
        assert await reader.read() == b""


async def test_a_connection_that_waits_for_an_answer_does_not_idle() -> None:
    app = App()
    protocols: list[DirectProtocol] = []

    class Known(DirectProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            protocols.append(self)

    async with connected(app, Known) as (reader, writer):
        writer.write(post(b"soon"))
        await reader.readuntil(b"direct soon")
        writer.write(post(b"never"))
        await app.waiting.wait()
        (protocol,) = protocols
        protocol.timeout_keep_alive = 0
        protocol._close_if_idle()
        assert not protocol.transport.is_closing()


@pytest.mark.parametrize(
    "request_",
    [
        post(b"now", b"expect: 100-continue\r\n" + CLOSE),
        post(b"now" + b" " * 100_000, CLOSE),
        b"POST /graphql HTTP/1.1\r\nhost: x\r\n%btransfer-encoding: chunked\r\n\r\n3\r\nnow\r\n0\r\n\r\n"
        % CLOSE,
        b"POST /graphql HTTP/1.0\r\nhost: x\r\ncontent-length: 3\r\n\r\nnow",
        b"PUT /graphql HTTP/1.1\r\nhost: x\r\n%bcontent-length: 3\r\n\r\nnow" % CLOSE,
    ],
    ids=["expects", "large", "chunked", "older", "another method"],
)
async def test_what_is_not_plain_goes_by_asgi(request_: bytes) -> None:
    async with connected(App()) as (reader, writer):
        writer.write(request_)
        answer = await reader.read()
    assert b"\r\n\r\nasgi now" in answer


async def test_a_client_that_leaves_takes_its_request_along() -> None:
    app = App()
    async with connected(app) as (_, writer):
        writer.write(post(b"never"))
        await app.waiting.wait()
        writer.close()
        await app.given_up.wait()


class Gateway:
    """A gateway that counts what it answers directly."""

    def __init__(
        self,
        usage: UsageRecorder | None = None,
        *,
        request_bytes: int = 1000,
        forward: tuple[str, ...] = (),
        cors: CorsConfig | None = None,
        deduplicate: bool = True,
        **replaced: ASGIApp,
    ) -> None:
        holder = SupergraphHolder()
        assert holder.replace(SUPERGRAPH) == ()
        limits = LimitsConfig(request_bytes=request_bytes)
        headers = HeadersConfig(forward=forward)
        config = GatewayConfig(
            metrics=MetricsConfig(enabled=True),
            limits=limits,
            headers=headers,
            cors=cors or CorsConfig(),
            subgraphs=SubgraphsConfig(deduplicate=deduplicate),
        )
        self._app = create_app(config, holder, clients=shop(**replaced), usage=usage)
        self.begun = 0

    async def __call__(self, scope: Scope, receive: Receive, send: SendMessage) -> None:
        await self._app(scope, receive, send)

    def direct(self, target: bytes, headers: RequestHeaders) -> Begin | None:
        begin = self._app.direct(target, headers)
        if begin is None:
            return None

        def counted(body: bytes, peer: str | None, respond: Callable[[HttpResponse], None]) -> Cancel | None:
            give_up = begin(body, peer, respond)
            self.begun += give_up is not None
            return give_up

        return counted


async def answers_to(
    gateway: Gateway, query: str, times: int, more: bytes = b"", *, request: bytes = b""
) -> list[bytes]:
    """Head and body of each answer to a query, or to a whole request; without the date."""
    answers = []
    body = b'{"query": "%b"}' % query.encode()
    async with connected(gateway) as (reader, writer):
        for _ in range(times):
            writer.write(request or post(body, b"content-type: application/json\r\n" + more))
            head = await reader.readuntil(b"\r\n\r\n")
            lines = sorted(line for line in head.split(b"\r\n") if not line.startswith(b"date:"))
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            answers.append(b"\r\n".join(lines) + await reader.readexactly(length))
    return answers


async def test_the_address_of_a_client_goes_on() -> None:
    gateway = Gateway(forward=("x-forwarded-for",))
    answers = await answers_to(gateway, "{ whoAmI }", 3, b"x-forwarded-for: 192.0.2.7\r\n")
    assert all(b"x-forwarded-for=192.0.2.7, 127.0.0.1" in answer for answer in answers)
    assert gateway.begun == 1


async def test_a_query_is_answered_alike_the_first_time_and_once_it_is_known() -> None:
    gateway = Gateway()
    answers = await answers_to(gateway, ACROSS, 4)
    assert b'{"data":{"products":[{"name":"Spade","left":3},{"name":"Rake","left":0}]}}' in answers[0]
    assert len(set(answers)) == 1
    assert gateway.begun == 2  # the first time it is planned, the second time compiled


@pytest.mark.parametrize("origin", [b"https://app.example", b"https://evil.example", None])
async def test_browsers_are_told_alike_the_first_time_and_once_it_is_known(origin: bytes | None) -> None:
    cors = CorsConfig(origins=("https://app.example",), credentials=True, expose_headers=("x-trace",))
    gateway = Gateway(cors=cors)
    more = b"" if origin is None else b"origin: %b\r\nsec-fetch-site: same-site\r\n" % origin
    more += b"sec-fetch-mode: cors\r\n"
    answers = await answers_to(gateway, ACROSS, 4, more)
    assert len(set(answers)) == 1
    assert (b"access-control-allow-origin" in answers[0]) == (origin == b"https://app.example")
    assert b"vary: origin" in answers[0]
    assert gateway.begun == 2


async def test_errors_are_told_alike_the_first_time_and_once_it_is_known() -> None:
    async def failing(scope: Scope, receive: Receive, send: SendMessage) -> None:
        await respond(HttpResponse(500, "text/plain", b"no"), scope, send)

    gateway = Gateway(stock=failing)
    answers = await answers_to(gateway, ACROSS, 4)
    assert b"SUBGRAPH_HTTP_ERROR" in answers[0]
    assert len(set(answers)) == 1
    assert gateway.begun == 2


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ('mutation { rename(id: \\"1\\", name: \\"Spade\\") { name } }', b""),
        ("{ products { name } } #", b"accept: text/html\r\n"),
        ("{ products { name } } ##", b"sec-fetch-site: cross-site\r\n"),
        ("{ products { nothing } }", b""),
        ("{", b""),
    ],
    ids=["mutation", "not acceptable", "of another site", "not valid", "no document"],
)
async def test_what_needs_more_than_subgraphs_goes_by_asgi(query: str, more: bytes) -> None:
    gateway = Gateway()
    answers = await answers_to(gateway, query, 3, more)
    assert len(set(answers)) == 1
    assert gateway.begun == 0


async def test_a_body_that_is_too_large_is_refused_though_its_query_is_known() -> None:
    gateway = Gateway()
    await answers_to(gateway, ACROSS, 2)
    known = b'{"query": "%b"}' % ACROSS.encode()
    request = post(known + b" " * 1000, b"content-type: application/json\r\n")
    (answer,) = await answers_to(gateway, "", 1, request=request)
    assert b"413 Request Entity Too Large" in answer
    assert gateway.begun == 0


async def test_usage_and_durations_are_counted_alike() -> None:
    usage = UsageRecorder()
    gateway = Gateway(usage=usage)
    await answers_to(gateway, ACROSS, 5)
    assert gateway.begun == 3
    (record,) = usage.take()
    assert record.requests == 5
    assert sum(record.durations.values()) == 5
    (metrics,) = await answers_to(gateway, "", 1, request=b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n")
    assert b'http_server_request_duration_seconds_count{http_response_status_code="200"} 5' in metrics
    assert b'plait_cache_lookups_total{cache="documents",result="hit"} 4' in metrics
    assert b'plait_cache_lookups_total{cache="plans",result="hit"} 4' in metrics


async def test_a_client_that_leaves_takes_the_requests_to_subgraphs_along() -> None:
    asked, gone = asyncio.Event(), asyncio.Event()
    is_slow = False
    stock = shop()["stock"]

    async def sometimes_slow(scope: Scope, receive: Receive, send: SendMessage) -> None:
        if not is_slow:
            await stock(scope, receive, send)
            return
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()

    gateway = Gateway(stock=sometimes_slow)
    await answers_to(gateway, ACROSS, 3)
    is_slow = True
    async with connected(gateway) as (_, writer):
        writer.write(post(b'{"query": "%b"}' % ACROSS.encode(), b"content-type: application/json\r\n"))
        await asked.wait()
        writer.close()
        await gone.wait()
    assert gateway.begun == 2


async def test_large_answers_wait_for_their_turn_without_asgi() -> None:
    asked: asyncio.Queue[None] = asyncio.Queue()
    may_answer = asyncio.Event()
    may_answer.set()

    async def products(scope: Scope, receive: Receive, send: SendMessage) -> None:
        asked.put_nowait(None)
        await may_answer.wait()
        body = b'{"data": {"products": [{"name": "%b"}]}}' % (b"x" * 100_000)
        await respond(HttpResponse(200, "application/json", body), scope, send)

    gateway = Gateway(deduplicate=False, products=products)
    query = "{ products { name } }"
    await answers_to(gateway, query, 3)
    begin = gateway.direct(b"/graphql", {b"content-type": b"application/json"})
    assert begin is not None
    may_answer.clear()
    asked = asyncio.Queue()
    answers: asyncio.Queue[HttpResponse] = asyncio.Queue()
    give_ups = [begin(b'{"query": "%b"}' % query.encode(), None, answers.put_nowait) for _ in range(7)]
    for give_up in give_ups[4:6]:  # they wait
        assert give_up is not None
        give_up()
        give_up()
    async with asyncio.timeout(120):
        for _ in range(5):
            await asked.get()
        may_answer.set()
        for _ in range(5):
            assert len((await answers.get()).body) > 100_000
    assert asked.empty()
    assert answers.empty()


async def test_a_request_leaves_nothing_to_the_garbage_collector() -> None:
    async def products(scope: Scope, receive: Receive, send: SendMessage) -> None:
        body = b'{"data": {"products": [{"name": "Spade"}]}}'
        await respond(HttpResponse(200, "application/json", body), scope, send)

    gateway = Gateway(products=products)
    query = "{ products { name } }"
    await answers_to(gateway, query, 3)
    gc.collect()
    gc.disable()
    try:
        await answers_to(gateway, query, 300)
        left = gc.collect()
    finally:
        gc.enable()
    assert gateway.begun == 301
    assert left < 300  # not even one for each
