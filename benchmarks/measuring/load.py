"""The load: keeps some connections busy with one operation, and checks every answer.

    python -m benchmarks.measuring.load SUPERGRAPH

Reads jobs from standard input and writes what they gave to standard output, a line of JSON each. A round is
bounded by its seconds and by its number of requests. It ends when everything that was sent is answered, so
that what a server spent belongs to the requests that are counted.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

import httptools
import msgspec

from benchmarks.workload.documents import Document
from benchmarks.workload.operations import SHAPES
from benchmarks.workload.records import Record
from plait_gateway.server.run import event_loop
from plait_schema.supergraph import read_supergraph

_PATIENCE: Final = 30.0  # seconds for what is under way when a round ends
_KEPT_BYTES: Final = 64 * 1024 * 1024  # of different answers in a round; it ends early at this


class Job(msgspec.Struct, frozen=True):
    """A round. With `echo` the right answers are sent, and must come back."""

    url: str
    shape: str
    connections: int
    seconds: float
    requests: int
    first: int  # the number of the first request: varying ones ask for something else in each round
    echo: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What a round gave. `complaint` says what was wrong, or nothing."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    answer_bytes: float
    complaint: str


class Round:
    """One round under way: what its connections share."""

    def __init__(self, job: Job, document: Document) -> None:
        self.job = job
        self.shape = SHAPES[job.shape]
        self.document = document
        self.sent = 0
        self.took: list[float] = []
        self.answers: dict[bytes, int] = {}  # each different answer, and the request that got it
        self._latest = b""
        self.answered_bytes = 0
        self.kept_bytes = 0
        self.complaint = ""
        self.until = 0.0
        parts = urlsplit(job.url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        )
        self._prepared = None if self.shape.varying else self._request(0)

    def next(self) -> tuple[int, bytes] | None:
        """The next request and its number; None when the round is over."""
        if (
            self.complaint
            or self.sent >= self.job.requests
            or self.kept_bytes > _KEPT_BYTES
            or time.perf_counter() >= self.until
        ):
            return None
        number = self.job.first + self.sent
        self.sent += 1
        return number, self._prepared or self._request(number)

    def answered(self, number: int, status: int, body: bytes, seconds: float) -> None:
        self.took.append(seconds)
        self.answered_bytes += len(body)
        if status != 200:
            self.complaint = f"status {status}: {body[:300]!r}"
        elif body != self._latest:  # much cheaper than to hash it
            self._latest = body
            if body not in self.answers:
                self.answers[body] = number
                self.kept_bytes += len(body)

    def check(self) -> str:
        """What is wrong with the answers, each of which is looked at; nothing if they are right."""
        for body, number in self.answers.items():
            try:
                answer = msgspec.json.decode(body)
            except msgspec.DecodeError:
                return f"not JSON: {body[:300]!r}"
            if answer != {"data": self._right(number)}:
                return f"a wrong answer: {body[:300]!r}"
        if self.shape.varying and len(self.answers) != len(self.took):
            return "different requests were given the same answer"
        return ""

    def _request(self, number: int) -> bytes:
        body = self.shape.body_of(number)
        if self.job.echo:
            body = msgspec.json.encode({"data": self._right(number)})
        return f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _right(self, number: int) -> Record:
        return self.document.answer(self.shape.variables_of(number))


class _Connection(asyncio.Protocol):
    """One request at a time, the next one when the answer is there."""

    def __init__(self, round_: Round) -> None:
        self._round = round_
        self._body: list[bytes] = []
        self._number: int | None = None
        self._begun = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._parser = httptools.HttpResponseParser(self)
        self._send()

    def _send(self) -> None:
        request = self._round.next()
        if request is None:
            self._number = None
            self._transport.close()
        else:
            self._number, content = request
            self._begun = time.perf_counter()
            self._transport.write(content)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._round.complaint = f"not HTTP: {error}"
            self._transport.close()

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        assert self._number is not None
        body = b"".join(self._body)
        self._body.clear()
        seconds = time.perf_counter() - self._begun
        self._round.answered(self._number, self._parser.get_status_code(), body, seconds)
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if self._number is not None:
            self._round.complaint = self._round.complaint or "a connection was closed before the answer came"
        if not self.done.done():
            self.done.set_result(None)


async def drive(job: Job, document: Document) -> Outcome:
    """Run one round."""
    round_ = Round(job, document)
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    round_.until = begun + job.seconds
    connections: list[_Connection] = []
    try:
        async with asyncio.timeout(job.seconds + _PATIENCE):
            for _ in range(job.connections):
                _, connection = await loop.create_connection(
                    lambda: _Connection(round_), round_.host, round_.port
                )
                connections.append(connection)
            for connection in connections:
                await connection.done
    except (OSError, TimeoutError) as error:
        round_.complaint = round_.complaint or f"no answer: {error!r}"
    elapsed = time.perf_counter() - begun
    took = sorted(round_.took) or [0.0]
    return Outcome(
        requests=len(round_.took),
        per_second=len(round_.took) / elapsed,
        p50_ms=took[len(took) // 2] * 1000,
        p99_ms=took[len(took) * 99 // 100] * 1000,
        answer_bytes=round_.answered_bytes / max(len(round_.took), 1),
        complaint=round_.complaint or round_.check() or ("" if round_.took else "nothing was answered"),
    )


def _main(supergraph: Path) -> None:
    api_schema = read_supergraph(supergraph.read_text("utf-8")).api_schema
    documents = {name: shape.document(api_schema) for name, shape in SHAPES.items()}
    for line in sys.stdin.buffer:
        job = msgspec.json.decode(line, type=Job)
        with asyncio.Runner(loop_factory=event_loop()) as runner:
            outcome = runner.run(drive(job, documents[job.shape]))
        sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
