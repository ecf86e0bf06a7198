"""A payment house as it is in life: an HTTP server in a process of its own, with a ledger in a file.

It honours idempotency keys, and behaves as the payer's name says: the n-th word is what happens the n-th time
that a payment is asked for. After the last word, and before anything else goes wrong, it does what it should.

well      it is done
declined  there is no money, and never will be
busy      503, nothing is done
dropped   nothing is done, the connection is closed
lost      it is done, and the connection is closed
hanging   it is done, and there is no answer until the other side has given up
garbled   it is done, and the answer is no JSON
twice     it is done, and the answer comes twice
wrong     it will not be done as it was asked for
"""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    Outcome,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)

DONE = frozenset({"well", "lost", "hanging", "garbled", "twice"})


@dataclass(frozen=True, slots=True)
class Receipt:
    number: int


@dataclass(frozen=True, slots=True)
class House:
    """How to reach it, and what it has in its books."""

    port: int
    ledger: Path

    def entries(self) -> list[dict[str, Any]]:
        """What was done, a line each, whoever asked for it how often."""
        if not self.ledger.exists():
            return []
        return [json.loads(line) for line in self.ledger.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class HouseProvider:
    """An adapter of the house's API, for any message with a `payer`."""

    port: int
    path: str = "charges"
    name: str = "house"

    async def call(self, key: str, request: Any) -> Outcome[Receipt]:
        outcome = await self._exchange("POST", f"/{self.path}", key, {"payer": request.payer})
        if outcome is None:
            raise OutcomeUnknownError("the house says that there is no such thing")
        return outcome

    async def find(self, key: str, request: Any) -> Outcome[Receipt] | None:
        return await self._exchange("GET", f"/{self.path}", key, None)

    async def _exchange(
        self, method: str, path: str, key: str, body: dict[str, Any] | None
    ) -> Outcome[Receipt] | None:
        content = json.dumps(body).encode() if body else b""
        head = f"{method} {path} HTTP/1.1\r\nIdempotency-Key: {key}\r\nContent-Length: {len(content)}\r\n\r\n"
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError as error:
            raise NotDoneError(str(error)) from error
        try:
            writer.write(head.encode() + content)
            status_line, *_ = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            answer = await reader.readline()
        except (OSError, asyncio.IncompleteReadError) as error:
            raise OutcomeUnknownError(f"the connection was lost: {error}") from error
        finally:
            writer.close()
        return _outcome(int(status_line.split()[1]), answer)


def _outcome(status: int, answer: bytes) -> Outcome[Receipt] | None:
    match status:
        case 404:
            return None
        case 503:
            raise NotDoneError("the house is busy")
        case 422:
            raise RequestRejectedError("the house does not understand")
    try:
        content = json.loads(answer)
    except ValueError:
        raise OutcomeUnknownError("the house talks nonsense") from None
    return Succeeded(Receipt(content["number"])) if status == 200 else Refused("NO_MONEY", "There is none")


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """A house until the block ends."""
    folder.mkdir(exist_ok=True)
    ledger = folder / "ledger"
    here, there = get_context("fork").Pipe()
    process = get_context("fork").Process(target=_serve, args=(there, ledger), daemon=True)
    process.start()
    try:
        yield House(here.recv(), ledger)
    finally:
        process.kill()
        process.join()
        here.close()
        there.close()


def _serve(there: Connection, ledger: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_Books(ledger).serve(there))


class _Books:
    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._asked: Counter[str] = Counter()
        self._done: dict[str, tuple[int, dict[str, Any]]] = {}

    async def serve(self, there: Connection) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        there.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first, *headers = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            fields = dict(line.split(": ", 1) for line in headers)
            key = fields["Idempotency-Key"]
            body = await reader.readexactly(int(fields["Content-Length"]))
            if first.startswith("GET"):
                status, content = self._done.get(key, (404, {}))
                writer.write(_response(status, content))
            else:
                await self._do(first.split()[1], key, json.loads(body)["payer"], reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever asked has died
        finally:
            writer.close()

    async def _do(
        self, path: str, key: str, payer: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        words = payer.split()
        mood = words[self._asked[key]] if self._asked[key] < len(words) else "well"
        self._asked[key] += 1
        if key not in self._done:
            if mood == "declined":
                self._done[key] = (402, {})
            elif mood in DONE:
                self._done[key] = (200, {"number": len(self._done) + 1})
                with self._ledger.open("a") as ledger:
                    ledger.write(json.dumps({"path": path, "key": key}) + "\n")
        match mood:
            case "busy":
                writer.write(_response(503, {}))
            case "wrong":
                writer.write(_response(422, {}))
            case "dropped" | "lost":
                pass
            case "hanging":
                await reader.read()  # until the other side has closed
            case "garbled":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n<html>\n")
            case "twice":
                writer.write(2 * _response(*self._done[key]))
            case _:
                writer.write(_response(*self._done[key]))


def _response(status: int, content: dict[str, Any]) -> bytes:
    return f"HTTP/1.1 {status} .\r\n\r\n{json.dumps(content)}\n".encode()
