"""A server that does whatever it likes: each request has an end, and nobody gets another one's answer."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from plait_gateway.clients import (
    Counts,
    HttpClient,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
    asking,
    with_timeout,
)
from plait_gateway.clients.http.response_reader import HEAD_BYTES
from plait_gateway.server.run import event_loop
from tests.gateway.clients.http.scripted import read_request, response, server

#: What the server does about a request whose good answer is this.
Deed: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]

_PATIENCE = 0.03  # of the client; only what stalls takes as long


def writes(change: Callable[[bytes], bytes], *, then_closes: bool = False) -> Deed:
    async def deed(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, good: bytes) -> None:
        writer.write(change(good))
        if then_closes:
            await writer.drain()
            writer.close()

    return deed


async def stalls_and_answers_late(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, good: bytes
) -> None:
    writer.write(good[:20])
    await reader.read(1)  # until the client has left, or asks for more in vain
    writer.write(good[20:] + good)


async def half_closes(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, good: bytes) -> None:
    writer.write(good)
    writer.write_eof()


async def drips(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, good: bytes) -> None:
    for byte in good:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0)


def damages(noise: bytes, start: float, end: float) -> Deed:
    def change(good: bytes) -> bytes:
        first, last = sorted((int(start * len(good)), int(end * len(good))))
        return good[:first] + noise + good[last:]

    return writes(change)


DEEDS = st.one_of(
    st.sampled_from(
        [
            writes(lambda good: good),
            drips,
            half_closes,
            stalls_and_answers_late,
            writes(lambda good: good + good),
            writes(lambda good: good, then_closes=True),
            writes(lambda _: b"", then_closes=True),
            writes(lambda good: good[: len(good) // 2], then_closes=True),
            writes(lambda good: good.replace(b"content-length: ", b"content-length: 1")),  # too long
            writes(lambda good: good.replace(b"content-length: ", b"content-length: 0\r\nx: ")),  # none
            writes(lambda good: good.replace(b"content-length", b"content-encoding: zstd\r\ncontent-length")),
            writes(lambda good: b"HTTP/1.1 100 Continue\r\n\r\n" + good),
            writes(lambda good: good.replace(b"\r\n", b"\r\nx: " + b"a" * 2 * HEAD_BYTES + b"\r\n", 1)),
        ]
    ),
    st.builds(damages, st.binary(max_size=40), st.floats(0, 1), st.floats(0, 1)),
)


async def outcomes(
    deeds: Sequence[Deed], *, mutations: Sequence[bool], connections: int, together: int
) -> tuple[list[SubgraphResponse | SubgraphUnreachable], Counter[int]]:
    """What became of the requests, sent so many at a time; and how often the server saw each."""
    seen: Counter[int] = Counter()
    left = list(reversed(deeds))

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            _, body = await read_request(reader)
            number = int(json.loads(body)["query"])
            seen[number] += 1
            good = response(json.dumps([number, proof_of(number)]).encode())
            await (left.pop() if left else writes(lambda good: good))(reader, writer, good)

    async def request(number: int) -> SubgraphResponse | SubgraphUnreachable:
        try:
            return await ask(SubgraphRequest("stock", f"{number}", idempotent=not mutations[number]))
        except SubgraphUnreachable as unreachable:
            return unreachable

    found: list[SubgraphResponse | SubgraphUnreachable] = []
    async with asyncio.timeout(120), server(handler) as running:
        client = HttpClient(connections=connections)
        send = client.to(f"http://127.0.0.1:{running.port}/", max_response_bytes=10_000)
        ask = asking(with_timeout(send, _PATIENCE, Counts()))
        for first in range(0, len(mutations), together):
            numbers = range(first, min(first + together, len(mutations)))
            found += await asyncio.gather(*map(request, numbers))
        last = await asking(send)(SubgraphRequest("stock", str(len(mutations)))) if not left else None
        assert last is None or numbers_in(last.body) <= {len(mutations)}
        await client.close()
    return found, seen


def proof_of(number: int) -> str:
    """What no damage turns another number's into."""
    return hashlib.sha256(b"%d" % number).hexdigest()


def numbers_in(body: bytes) -> set[int]:
    """The request that an answer is for, if it is not damaged."""
    try:
        number, proof = json.loads(body)
        return {number} if proof == proof_of(number) else set()
    except (ValueError, TypeError):
        return set()


@given(
    deeds=st.lists(DEEDS, max_size=6),
    mutations=st.lists(st.booleans(), min_size=1, max_size=8),
    connections=st.integers(1, 3),
    together=st.integers(1, 4),
)
@settings(max_examples=40, deadline=None)
def test_each_request_has_an_end_and_gets_no_other_ones_answer(
    deeds: list[Deed], mutations: list[bool], connections: int, together: int
) -> None:
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        found, seen = runner.run(
            outcomes(deeds, mutations=mutations, connections=connections, together=together)
        )
    for number, outcome in enumerate(found):
        if isinstance(outcome, SubgraphResponse):
            assert numbers_in(outcome.body) <= {number}
    for number, is_mutation in enumerate(mutations):
        assert seen[number] <= (1 if is_mutation else 2)
