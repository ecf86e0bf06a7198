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
            async with asyncio.timeout(limits.seconds):
                _, output, error = await asyncio.gather(
                    _give(process, confine.pack(program.source, stdin)),
                    _read(process.stdout, limits.output_bytes),
                    _read(process.stderr, _MOST_ERROR_BYTES),
                )
                await process.wait()
        except TimeoutError:
            return Run(RunOutcome.TIMED_OUT)
        except _TooMuchOutputError:
            return Run(RunOutcome.TOO_MUCH_OUTPUT)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return _ended(process.returncode, output, error)


class _TooMuchOutputError(Exception):
    pass


async def _give(process: Process, data: bytes) -> None:
    assert process.stdin is not None, "it was opened as a pipe"
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not listen
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _read(stream: asyncio.StreamReader | None, most: int) -> bytes:
    assert stream is not None, "it was opened as a pipe"
    data = bytearray()
    while part := await stream.read(most + 1 - len(data)):
        data += part
        if len(data) > most:
            raise _TooMuchOutputError
    return bytes(data)


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
