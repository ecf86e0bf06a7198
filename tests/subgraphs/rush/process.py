"""The platform's processes: started, killed, and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from time import monotonic, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

_REPOSITORY: Final = Path(__file__).parents[3]
_PLAIT: Final = str(Path(sys.executable).with_name("plait"))
_PATIENCE: Final = 600.0  # seconds until it serves; the first start seeds the academy on a busy machine

UNLIMITED: Final = dict.fromkeys(
    (
        "PLAIT_REQUESTS_PER_MINUTE",
        "PLAIT_QUERIES_PER_MINUTE",
        "PLAIT_SIGN_INS_PER_HOUR",
        "PLAIT_ANONYMOUS_REQUESTS_PER_MINUTE",
    ),
    "1000000",
)


class NotServingError(Exception):
    """The platform did not come up. The message is the end of its log."""


def free_port() -> int:
    """A port that nobody listens at."""
    with create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass
class Process:
    """One process of the platform; `log` has what all its lives wrote."""

    arguments: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    lives: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Begin another life."""
        self.lives += 1
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [_PLAIT, *self.arguments],
                cwd=_REPOSITORY,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """End it with SIGKILL, wherever it is."""
        assert self._process is not None, "it was started"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """Kill it if it lives."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def wait_until_ready(self, url: str) -> None:
        """Until /health/ready says so. NotServingError."""
        deadline = monotonic() + _PATIENCE
        while True:
            assert self._process is not None, "it was started"
            if self._process.poll() is not None or monotonic() > deadline:
                raise NotServingError(self.log.read_text(errors="replace")[-2000:])
            try:
                with urlopen(f"{url}/health/ready", timeout=5):
                    return
            except (URLError, OSError):
                sleep(0.1)
