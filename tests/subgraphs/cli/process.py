"""`plait worker` as a process of its own, whose log goes to a file."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.dev.process import PLAIT
from tests.subgraphs.cli.operator import REPOSITORY, Operator

_PATIENCE = 240.0  # seconds; the machine may be slow, and busy


class Process:
    """A running `plait worker`."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]

    def logs(self, event: str, *, times: int = 1) -> dict[str, object]:
        """Wait for an event in the log, so many times; the last of them."""
        deadline = monotonic() + _PATIENCE
        while len(found := [one for one in self.events if one["event"] == event]) < times:
            assert monotonic() < deadline, self._log.read_text()
            assert self.process.poll() is None, self._log.read_text()
            sleep(0.02)
        return found[-1]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(Request(f"http://127.0.0.1:{self.logs('at work')['port']}{path}")) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def stops(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextmanager
def running(operator: Operator, *arguments: str) -> Iterator[Process]:
    log = operator.data_dir / "log"
    command = [PLAIT, "worker", "--data-dir", str(operator.data_dir), *arguments]
    environment = {**os.environ, "PLAIT_DATABASE_URL": operator.url, "PLAIT_LOG_FORMAT": "json"}
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=file)
        try:
            yield Process(process, log)
        finally:
            process.kill()
            process.wait(_PATIENCE)
