"""The memory of a gateway over time, while no query is like any before it."""

import asyncio
import random
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.measuring.processes import cpu_seconds, free_port, listening, resident_megabytes
from benchmarks.tables import table
from benchmarks.workload.operations import SHAPES
from benchmarks.workload.records import identifier
from benchmarks.workload.subgraphs import academy_supergraph
from plait_gateway.server.run import event_loop

_CONNECTIONS: Final = 8
_LINES: Final = 20  # of the table
_COURSE: Final = (
    "title",
    "subject",
    "difficulty",
    "description",
    "lessonCount",
    "exerciseCount",
    "createdAt",
)
_USER: Final = ("id", "name", "role", "profile { bio skills }", "playerStats { level totalXp }")
_ENTRY: Final = ("rank", "xp", "level")
_HEAD: Final = (
    "POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a gateway held after so many seconds and requests."""

    seconds: float
    requests: int
    resident_mb: float
    cpu_us: float  # per request since the sample before
    complaint: str = ""


@dataclass(slots=True)
class _Load:
    """Half of the connections send what was never sent before, the others what always comes."""

    port: int
    until: float = 0.0
    requests: int = 0
    complaint: str = ""
    _random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 -- no secret

    async def connection(self, *, changing: bool) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while time.monotonic() < self.until and not self.complaint:
            self.requests += 1
            body = self._changing(self.requests) if changing else self._known(self.requests)
            writer.write(_HEAD.format(len(body)).encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            answer = await reader.readexactly(int(length))
            if not head.startswith(b"HTTP/1.1 200") or b'"errors"' in answer:
                self.complaint = repr(head[:100] + answer[:300])
        writer.close()
        await writer.wait_closed()

    def _known(self, number: int) -> bytes:
        shapes = list(SHAPES.values())[1:]  # without the one that takes all the time
        return shapes[number % len(shapes)].body_of(number)

    def _changing(self, number: int) -> bytes:
        course, user = self._some(_COURSE), self._some(_USER)
        query = (
            f"query Ever{number}($id: ID!) {{ courseDetail(id: $id) {{ {course} tutor {{ {user} }} }} "
            f"leaderboard(type: MONTHLY, limit: 3) {{ {self._some(_ENTRY)} user {{ {user} }} }} }}"
        )
        return msgspec.json.encode({"query": query, "variables": {"id": identifier(number % 50 + 1)}})

    def _some(self, fields: tuple[str, ...]) -> str:
        return " ".join(self._random.sample(fields, self._random.randint(1, len(fields))))


def measure(command: str, seconds: float) -> Iterator[Sample]:
    """Load a gateway for so long, and tell what it holds from time to time. Raises NotStartedError."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plait-bench-")))
        stub_port, port = free_port(), free_port()
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(academy_supergraph(f"http://127.0.0.1:{stub_port}"), "utf-8")
        stub = [sys.executable, "-m", "benchmarks.workload.stub", str(stub_port)]
        stack.enter_context(listening(stub, stub_port, folder / "stub.log"))
        words = [word.replace("{supergraph}", str(supergraph)) for word in shlex.split(command)]
        words = [word.replace("{port}", str(port)) for word in words]
        gateway = stack.enter_context(listening(words, port, folder / "gateway.log"))
        yield Sample(0, 0, resident_megabytes(gateway.pid), 0)
        load = _Load(port)
        begun, requests, spent = time.monotonic(), 0, cpu_seconds(gateway.pid)
        with asyncio.Runner(loop_factory=event_loop()) as runner:
            for _ in range(_LINES):
                load.until = time.monotonic() + seconds / _LINES
                runner.run(_drive(load))
                now_spent = cpu_seconds(gateway.pid)
                cpu = (now_spent - spent) / max(load.requests - requests, 1) * 1e6
                requests, spent = load.requests, now_spent
                elapsed = time.monotonic() - begun
                yield Sample(elapsed, requests, resident_megabytes(gateway.pid), cpu, load.complaint)
                if load.complaint:
                    return


async def _drive(load: _Load) -> None:
    try:
        async with asyncio.TaskGroup() as connections:
            for number in range(_CONNECTIONS):
                connections.create_task(load.connection(changing=number % 2 == 0))
    except* (OSError, EOFError) as failed:
        load.complaint = load.complaint or f"no answer: {failed.exceptions[0]!r}"


def memory_table(samples: list[Sample]) -> str:
    """A line for each sample; a complaint follows the table."""
    rows = [
        [f"{one.seconds:.0f}", f"{one.requests}", f"{one.resident_mb:.0f}", f"{one.cpu_us:.0f}"]
        for one in samples
    ]
    complaints = [f"INVALID: {one.complaint}" for one in samples if one.complaint]
    return "\n".join([table(["seconds", "requests", "resident MB", "CPU µs/request"], rows), *complaints])
