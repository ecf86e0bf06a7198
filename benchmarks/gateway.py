"""Gateways over the academy's stub: what a request costs, beside an echo server and beside each other."""

import http.client
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

import msgspec

from benchmarks.figures import Measured
from benchmarks.measuring.load import Job, Outcome
from benchmarks.measuring.processes import (
    NotStartedError,
    Processors,
    ask,
    cpu_seconds,
    free_port,
    listening,
    peak_megabytes,
    process,
)
from benchmarks.workload.operations import SHAPES
from benchmarks.workload.subgraphs import academy_supergraph

ECHO: Final = "echo"
THIS: Final = shlex.join(
    [
        *(str(Path(sys.executable).with_name("plait")), "gateway"),
        *("--supergraph", "{supergraph}", "--port", "{port}"),
        *("--config", str(Path(__file__).with_name("nothing-deduplicated.yaml"))),
    ]
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How long and how often; `requests` bounds a round whatever its seconds."""

    shapes: tuple[str, ...] = tuple(SHAPES)
    rounds: int = 5
    seconds: float = 3.0
    connections: int = 50
    requests: int = 100_000
    pin: bool = False


@dataclass(frozen=True, slots=True)
class _Server:
    name: str
    url: str
    pid: int


def measure(commands: Mapping[str, str], settings: Settings, say: Say) -> tuple[Measured, ...]:
    """Measure gateways, by name and command, and the echo server, in alternating rounds.

    `{supergraph}` and `{port}` in a command are filled in. Raises NotStartedError.
    """
    processors = Processors.pinned() if settings.pin else Processors()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plait-bench-")))
        port = free_port()
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(academy_supergraph(f"http://127.0.0.1:{port}"), "utf-8")
        stub = [sys.executable, "-m", "benchmarks.workload.stub", str(port)]
        stack.enter_context(listening(stub, port, folder / "stub.log", processor=processors.other))

        servers = []
        for name, command in {ECHO: shlex.join(_ECHO), **commands}.items():
            at = free_port()
            words = [_filled(word, supergraph=str(supergraph), port=str(at)) for word in shlex.split(command)]
            log = folder / f"{name}.log"
            child = stack.enter_context(listening(words, at, log, processor=processors.measured))
            servers.append(_Server(name, f"http://127.0.0.1:{at}/graphql", child.pid))

        load = [sys.executable, "-m", "benchmarks.measuring.load", str(supergraph)]
        log = folder / "load.log"
        loading = stack.enter_context(process(load, log, processor=processors.other, piped=True))
        return tuple(_Rounds(servers, loading, log, port, settings, say).all())


def _filled(word: str, **values: str) -> str:
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


_ECHO: Final = (sys.executable, "-m", "benchmarks.measuring.echo", "{port}")


@dataclass(slots=True)
class _Rounds:
    servers: list[_Server]
    loading: Popen[bytes]
    log: Path
    stub_port: int
    settings: Settings
    say: Say
    asked: int = 0  # requests of varying operations go on where the last round stopped

    def all(self) -> Iterator[Measured]:
        for shape in self.settings.shapes:
            invalid = set()
            for server in self.servers:  # caches are warm, and answers right, before anything counts
                warm = self._one(server, shape, 0, seconds=min(1.0, self.settings.seconds))
                if warm.complaint:
                    yield warm
                    invalid.add(server)
            able = [server for server in self.servers if server not in invalid]
            for number in range(1, self.settings.rounds + 1):
                # Every other round runs backwards: nobody always follows the same neighbour.
                for server in able if number % 2 else reversed(able):
                    yield self._one(server, shape, number, seconds=self.settings.seconds)

    def _one(self, server: _Server, shape: str, number: int, *, seconds: float) -> Measured:
        job = Job(
            url=server.url,
            shape=shape,
            connections=self.settings.connections,
            seconds=seconds,
            requests=self.settings.requests,
            first=self.asked,
            echo=server.name == ECHO,
        )
        fetches, spent = self._fetches(), cpu_seconds(server.pid)
        line = ask(self.loading, msgspec.json.encode(job))
        spent, fetches = cpu_seconds(server.pid) - spent, self._fetches() - fetches
        if not line:
            raise NotStartedError("the load ended:\n" + self.log.read_text("utf-8", "replace")[-2000:])
        outcome = msgspec.json.decode(line, type=Outcome)
        requests = max(outcome.requests, 1)
        self.asked += outcome.requests
        self.say(
            f"{shape} {server.name} {number or 'warm-up'}: {outcome.requests} requests {outcome.complaint}"
        )
        return Measured(
            shape=shape,
            server=server.name,
            round=number,
            requests=outcome.requests,
            cpu_us=spent / requests * 1e6,
            per_second=outcome.per_second,
            p50_ms=outcome.p50_ms,
            p99_ms=outcome.p99_ms,
            busy=spent * outcome.per_second / requests,
            fetches=fetches / requests,
            peak_mb=peak_megabytes(server.pid),
            answer_bytes=outcome.answer_bytes,
            complaint=outcome.complaint,
        )

    def _fetches(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.stub_port, timeout=10)
        try:
            connection.request("GET", "/requests")
            return int(connection.getresponse().read())
        finally:
            connection.close()
