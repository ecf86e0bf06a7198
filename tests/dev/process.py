"""`plait dev` as a process of its own, listened to line by line."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from plait_dev.listening import hand_over

REPOSITORY = Path(__file__).resolve().parents[2]
PLAIT = str(Path(sys.executable).with_name("plait"))

_PATIENCE = 600.0  # seconds; a first start seeds the academy, and the machine may be slow, and busy
_IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")  # POSIX has it ignore SIGINT
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


class Ended(NamedTuple):
    """How a process ended, and all that it said on standard output and standard error."""

    status: int
    output: str


class PlaitDev:
    """A running `plait dev`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self.url = ""
        self._read = 0
        self._ended = False
        self._news = Condition()
        self._reader = Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(_STYLES.sub("", line.rstrip("\n")))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def says(self, text: str) -> str:
        """Wait for the next line with the text; what was waited for before is not looked at again."""
        deadline = monotonic() + _PATIENCE
        with self._news:
            while True:
                while self._read < len(self.lines):
                    self._read += 1
                    if text in self.lines[self._read - 1]:
                        return self.lines[self._read - 1]
                if self._ended or not self._news.wait(deadline - monotonic()):
                    raise AssertionError(f"{text!r} was not said:\n{self.output}")

    def is_ready(self) -> str:
        """Wait until it answers; the URL of its endpoint."""
        self.says("plait is ready")
        self.url = self.says("GraphQL  ").split()[1]
        return self.url

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def stops(self, number: signal.Signals = signal.SIGINT) -> Ended:
        """Send it a signal, and wait for its end."""
        self.process.send_signal(number)
        return self.ends()

    def ends(self) -> Ended:
        """Wait for its end."""
        status = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return Ended(status, self.output)


@contextmanager
def plait_dev(
    root: Path,
    data_dir: Path | None,
    *arguments: str,
    cwd: Path | None = None,
    inherited: socket.socket | None = None,
    in_background: bool = False,
) -> Iterator[PlaitDev]:
    """`plait dev` for the plait.yaml in `root`, on a free port; killed if the block leaves it running.

    It has no registry unless the arguments ask for one. With an inherited socket, it is started as one that
    takes over from another; in the background, as a script starts what it does not wait for.
    """
    data = ("--data-dir", str(data_dir)) if data_dir else ()
    command = [PLAIT, "dev", "--port", "0", "--no-registry", *data, *arguments]
    with _started([*(_IN_BACKGROUND if in_background else ()), *command], cwd or root, inherited) as running:
        yield running


def fails_to_start(root: Path, *arguments: str) -> Ended:
    """How `plait dev` ends that cannot start."""
    with _started([PLAIT, "dev", *arguments], root, None) as running:
        return running.ends()


@contextmanager
def _started(command: list[str], cwd: Path, inherited: socket.socket | None) -> Iterator[PlaitDev]:
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),  # applications of tests use what tests use
            **(hand_over(inherited) if inherited else {}),
        },
        pass_fds=[inherited.fileno()] if inherited else [],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = PlaitDev(process)
    try:
        yield running
    finally:
        process.kill()
        running.ends()
        assert process.stdout is not None
        process.stdout.close()


def ask(
    url: str,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    token: str | None = None,
    forwarded_for: str | None = None,
) -> Any:
    """The response to one GraphQL request over a connection of its own; through proxies that say for whom."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    if forwarded_for is not None:
        headers["x-forwarded-for"] = forwarded_for
    body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
    return _json(Request(url, body, headers))


def refusal(url: str, *, host: str) -> tuple[int, str]:
    """The status and the code with which a request under another name is refused."""
    try:
        with urlopen(Request(url, headers={"host": host}), timeout=_PATIENCE) as response:
            raise AssertionError(f"{url} was served: {response.status}")
    except HTTPError as error:
        with error:
            return error.code, json.load(error)["errors"][0]["extensions"]["code"]


def notices(url: str) -> list[dict[str, Any]]:
    """What GraphiQL shows above the editor."""
    shown: list[dict[str, Any]] = _json(Request(f"{url}/notices"))["notices"]
    return shown


def _json(request: Request) -> Any:
    try:
        with urlopen(request, timeout=_PATIENCE) as response:
            return json.load(response)
    except HTTPError as error:
        with error:
            return json.load(error)
