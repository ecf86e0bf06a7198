"""Real registry processes, to be asked and to be killed, and one that shares a database in this process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plait_schema.delivery.signature import SigningKey
from plait_schema.registry.client import RegistryClient
from plait_schema.registry.delivering import Delivery
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.registry import Registry
from plait_schema.registry.store import ContractStore, VersionStore


class RunningRegistry:
    """`plait registry` as a child process; `token` is the admin token that it told at its first start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self.token = ""

    @property
    def client(self) -> RegistryClient:
        return RegistryClient(self.url, self.token, timeout=120)

    def start(self, *, port: int = 0) -> None:
        """RuntimeError with what it said, should it end at once."""
        command = [str(Path(sys.executable).with_name("plait")), "registry", "--port", str(port)]
        process = subprocess.Popen(
            [*command, "--database", f"sqlite:///{self.folder / 'registry.db'}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._process = process
        assert process.stdout is not None
        told = ""
        while "Ready" not in told:
            line = process.stdout.readline()
            if not line:
                self._end()
                raise RuntimeError(told)
            told += line
        self.url = re.findall(r"http://\S+", told)[0]
        self.token = next(iter(re.findall(r"plait_\S+", told)), self.token)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._end()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def _end(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        code = self._process.wait(30)
        self._process.stdout.close()
        self._process = None
        return code


@contextmanager
def running_registry(folder: Path) -> Iterator[RunningRegistry]:
    registry = RunningRegistry(folder)
    registry.start()
    try:
        yield registry
    finally:
        if registry.is_running:
            registry.kill()


def another_process(held: OpenRegistry) -> Registry:
    """Has no lock in common with the first, only the database."""
    versions = VersionStore(held.database)
    delivery = Delivery(versions, SigningKey.generate(), is_shared=True)
    return Registry(versions, ContractStore(held.database), delivery)
