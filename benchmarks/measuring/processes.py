"""Child processes: started, pinned, read from /proc, and surely ended."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_ROOT: Final = Path(__file__).parents[2]
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Processors:
    """Where things run: what is measured has a processor to itself. None leaves it to the kernel."""

    measured: int | None = None
    other: int | None = None

    @classmethod
    def pinned(cls) -> "Processors":
        """Raises ValueError on a machine with one processor."""
        first, *others = sorted(os.sched_getaffinity(0))
        if not others:
            raise ValueError("pinning needs two processors")
        return cls(first, others[-1])


class NotStartedError(Exception):
    """A process ended, or did not listen in time; the text ends with what it wrote."""


@contextmanager
def process(
    command: Sequence[str], log: Path, *, processor: int | None = None, piped: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a process group of its own, all of which is ended afterwards.

    Its standard error goes to `log`, and its standard output, too, unless `piped`. Its standard input is a
    pipe in any case: our own processes end with it, even when we are killed.
    """
    with log.open("wb") as output:
        try:
            child = subprocess.Popen(  # noqa: S603 -- commands are ours, or the user's own
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if piped else output,
                stderr=output,
                cwd=_ROOT,
                start_new_session=True,
            )
        except OSError as error:
            raise NotStartedError(f"{command[0]}: {error.strerror}") from error
        with child:
            try:
                if processor is not None:
                    os.sched_setaffinity(child.pid, {processor})
                yield child
            finally:
                _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):  # both: its own children may outlive it
        try:
            os.killpg(child.pid, number)
            child.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, child: subprocess.Popen[bytes], log: Path, *, seconds: float = 60) -> None:
    """Return when the child listens; raise NotStartedError when it ends instead, or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise NotStartedError(f"it does not listen on port {port}:\n" + log.read_text("utf-8", "replace")[-2000:])


@contextmanager
def listening(
    command: Sequence[str], port: int, log: Path, *, processor: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """As `process`, once it listens; raises NotStartedError."""
    with process(command, log, processor=processor) as child:
        wait_for(port, child, log)
        yield child


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children so far (proc(5), stat)."""
    ticks = 0
    for member in _family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def peak_megabytes(pid: int) -> float:
    """The most memory that a process and its children have held, each."""
    return _megabytes(_family(pid), "VmHWM")


def resident_megabytes(pid: int, *, alone: bool = False) -> float:
    """The memory that a process and its children hold now, or it `alone`: its database may be a child."""
    return _megabytes([pid] if alone else _family(pid), "VmRSS")


def _megabytes(pids: Iterable[int], name: str) -> float:
    """A size of proc(5), status."""
    kilobytes = 0
    for member in pids:
        try:
            status = Path(f"/proc/{member}/status").read_text()
        except OSError:
            continue
        kilobytes += int(found[1]) if (found := re.search(rf"{name}:\s+(\d+)", status)) else 0
    return kilobytes / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [one for task in Path(f"/proc/{pid}/task").iterdir() for one in _children(task)]
    except OSError:
        return
    for child in children:
        yield from _family(child)


def _children(task: Path) -> list[int]:
    return [int(text) for text in (task / "children").read_text().split()]


def ask(process_: subprocess.Popen[bytes], line: bytes) -> bytes:
    """Write a line to a piped process, and read one back; empty when it has ended."""
    streams: tuple[IO[bytes] | None, IO[bytes] | None] = process_.stdin, process_.stdout
    match streams:
        case (asked, answered) if asked is not None and answered is not None:
            asked.write(line + b"\n")
            asked.flush()
            return answered.readline()
    raise ValueError("the process has no pipes")
