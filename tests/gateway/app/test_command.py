"""`plait gateway` as a process of its own."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from plait_gateway.asgi import ASGIApp
from plait_gateway.clients import Ask, HttpClient, SubgraphRequest, asking
from plait_gateway.server.run import listen
from tests.gateway.served import served
from tests.gateway.shop import ACROSS, ACROSS_DATA, SUPERGRAPH, shop

PLAIT = str(Path(sys.executable).with_name("plait"))


class Running(NamedTuple):
    """A gateway in a process of its own, which answers."""

    process: asyncio.subprocess.Process
    url: str

    async def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop; its exit status."""
        self.process.send_signal(number)
        return await self.process.wait()


@asynccontextmanager
async def gateway(supergraph: Path | None, *arguments: str, seconds: float = 60) -> AsyncIterator[Running]:
    """A gateway on a free port; killed if the block leaves it running, or takes longer than it may."""
    source = () if supergraph is None else ("--supergraph", str(supergraph))
    command = (PLAIT, "gateway", *source, "--port", "0", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(seconds):
            first = (await process.stdout.readline()).decode().split()
            assert first, "it ended before it was ready"
            yield Running(process, first[1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def start_and_fail(*arguments: str) -> tuple[int | None, list[str]]:
    """Exit status and the lines of standard error of a gateway that does not start."""
    process = await asyncio.create_subprocess_exec(
        PLAIT, "gateway", *arguments, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        _, errors = await process.communicate()
    return process.returncode, errors.decode().splitlines()


@asynccontextmanager
async def supergraph_file(path: Path, **replaced: ASGIApp) -> AsyncIterator[Path]:
    """The shop's supergraph in a file, with its subgraphs served over HTTP."""
    async with served(shop(**replaced)) as address:
        write(path, SUPERGRAPH.replace("http://127.0.0.1:1", address))
        yield path


def write(path: Path, text: str) -> None:
    """Put another file in the place of the old one, as deployments do."""
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Ask]:
    """What gateways ask subgraphs with does for asking a gateway."""
    client = HttpClient(connections=10)
    try:
        yield asking(client.to(url, max_response_bytes=1_000_000))
    finally:
        await client.close()


async def ask(send: Ask, query: str) -> Any:
    return json.loads((await send(SubgraphRequest("gateway", query))).body)


def supergraph_of(url: str) -> str:
    """The version that the gateway serves."""
    connection = HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request("GET", "/health/ready")
        return str(json.load(connection.getresponse())["supergraph"])
    finally:
        connection.close()


def add_comment(path: Path, number: int) -> None:
    """Another text that means the same."""
    write(path, f"{path.read_text()}\n# {number}\n")


async def until_refused(url: str) -> None:
    """Connect again and again, until nobody listens."""
    address = urlsplit(url)
    try:
        while True:
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.close()
            await writer.wait_closed()
    except ConnectionError:
        return


async def test_the_file_is_swapped_under_load_and_no_request_is_lost(tmp_path: Path) -> None:
    async with (
        supergraph_file(tmp_path / "supergraph.graphql") as path,
        gateway(path) as running,
        connected(running.url) as send,
    ):
        versions: set[str] = set()
        enough = asyncio.Event()

        async def load() -> None:
            while not enough.is_set():
                assert await ask(send, ACROSS) == {"data": ACROSS_DATA}

        async def version() -> str:
            return await asyncio.to_thread(supergraph_of, running.url)

        async def swap() -> None:
            for number in range(3):
                before = await version()
                versions.add(before)
                add_comment(path, number)
                while await version() == before:
                    pass
            enough.set()

        async with asyncio.TaskGroup() as tasks:
            for _ in range(8):
                tasks.create_task(load())
            tasks.create_task(swap())
        assert len(versions) == 3
        assert await running.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_what_is_in_flight_is_finished_before_the_gateway_stops(
    tmp_path: Path, number: signal.Signals
) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()
    products = shop()["products"]

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        asked.set()
        await may_answer.wait()
        await products(scope, receive, send)

    async with (
        supergraph_file(tmp_path / "supergraph.graphql", products=slow) as path,
        gateway(path) as running,
        connected(running.url) as send,
    ):
        answer = asyncio.create_task(ask(send, ACROSS))
        await asked.wait()
        stopping = asyncio.create_task(running.stop(number))
        await until_refused(running.url)  # it takes no more connections ...
        may_answer.set()
        assert await answer == {"data": ACROSS_DATA}  # ... and answers the last one
        assert await stopping == 0


async def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "supergraph.graphql").write_text(SUPERGRAPH)
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        outcome = await start_and_fail("--supergraph", str(tmp_path / "supergraph.graphql"), "--port", port)
    assert outcome == (3, [f"Error: port {port} is in use; choose another with --port"])


async def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.graphql"
    status, lines = await start_and_fail("--supergraph", str(path))
    assert (status, lines) == (3, [f"Error: cannot read the supergraph {path}: No such file or directory"])


async def test_a_broken_file_is_told_with_code_and_line(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.graphql"
    path.write_text("type Query {\n  a: Int\n")
    status, (line,) = await start_and_fail("--supergraph", str(path))
    assert status == 3
    assert line.startswith(f"Error: {path}:3:1 ")


async def test_a_wrong_configuration_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plait.yaml"
    path.write_text("gateway:\n  prot: 1\n")
    outcome = await start_and_fail("--supergraph", "any", "--config", str(path))
    assert outcome == (3, [f"Error: {path}:2:3: unknown key 'prot'; did you mean 'port'?"])


async def test_documents_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    config, supergraph = tmp_path / "plait.yaml", tmp_path / "supergraph.graphql"
    config.write_text("gateway: {warm_up: {documents: operations}}")
    supergraph.write_text(SUPERGRAPH)
    outcome = await start_and_fail("--supergraph", str(supergraph), "--config", str(config))
    reason = f"{tmp_path / 'operations'}: No such file or directory"
    assert outcome == (3, [f"Error: cannot read the documents to warm up with: {reason}"])


def test_port_0_is_any_free_port() -> None:
    with listen("127.0.0.1", 0) as one, listen("localhost", 0) as other:
        assert isinstance(one, socket.socket)
        assert one.getsockname()[1] != other.getsockname()[1]
