"""Python programs in processes that are locked in before the program begins (confine.py)."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from subgraphs.learning.code_runner import confine
from subgraphs.learning.code_runner.port import CodeRunnerUnavailableError
from subgraphs.learning.domain.coding import Program, Run, RunOutcome

_CONFINE: Final = Path(confine.__file__)
_LONGEST_ERROR: Final = 2000
_MOST_ERROR_BYTES: Final = 64 << 10
_PART_BYTES: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take. Its time by the clock includes that of starting Python."""

    seconds: float = 10.0
    cpu_seconds: int = 2
    memory_bytes: int = 256 << 20
    output_bytes: int = 64 << 10


@dataclass(frozen=True)
class SandboxedPython:
    """Runs so many programs at once; the others wait for their turn."""

    limits: Limits = Limits()
    at_once: int = 2
    _turns: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_turns", asyncio.Semaphore(self.at_once))

    async def run(self, program: Program, stdin: str) -> Run:
        """As the port says. A program that writes too much is not heard to its end."""
        async with self._turns:
            return await self._run(program, stdin)

    async def _run(self, program: Program, stdin: str) -> Run:
        limits = self.limits
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(
                "-I",
                "-S",
                "-B",
                "-X",
                "utf8",
                str(_CONFINE),
                str(limits.cpu_seconds),
                str(limits.memory_bytes),
            ),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(limits.seconds), asyncio.TaskGroup() as tasks:
                tasks.create_task(_give(process, confine.pack(program.source, stdin)))
                output = tasks.create_task(_hear(process, process.stdout, limits.output_bytes))
                error = tasks.create_task(_hear(process, process.stderr, _MOST_ERROR_BYTES))
                tasks.create_task(process.wait())
        except TimeoutError:
            return Run(RunOutcome.TIMED_OUT)
        finally:
            await _end(process)
        if len(output.result()) > limits.output_bytes or len(error.result()) > _MOST_ERROR_BYTES:
            return Run(RunOutcome.TOO_MUCH_OUTPUT)
        return _ended(process.returncode, output.result(), error.result())


async def _give(process: Process, data: bytes) -> None:
    assert process.stdin is not None, "it was opened as a pipe"
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not listen
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _hear(process: Process, stream: asyncio.StreamReader | None, most: int) -> bytes:
    """What it writes. Who writes more than that is killed, and has written too much."""
    assert stream is not None, "it was opened as a pipe"
    data = bytearray()
    while part := await stream.read(_PART_BYTES):
        data += part[: most + 1 - len(data)]
        if len(data) > most:
            _kill(process)
    return bytes(data)


async def _end(process: Process) -> None:
    """Kill it if it lives. What it has still written is read: its pipes close, and it is gone, only then."""
    _kill(process)
    for stream in (process.stdout, process.stderr):
        assert stream is not None, "it was opened as a pipe"
        await stream.read()
    await process.wait()


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _ended(code: int | None, output: bytes, error: bytes) -> Run:
    complaint = error.decode(errors="replace")
    match code:
        case 0:
            return Run(RunOutcome.FINISHED, output.decode(errors="replace"))
        case confine.NOT_CONFINED:
            raise CodeRunnerUnavailableError(complaint)
        case code if code in confine.KILLED_FOR_ITS_TIME:
            return Run(RunOutcome.TIMED_OUT)
        case _:
            return Run(RunOutcome.CRASHED, output.decode(errors="replace"), complaint[-_LONGEST_ERROR:])
