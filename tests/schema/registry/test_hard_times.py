"""A registry that is killed at each step of a publish, or has a full disk: nothing is lost or half done."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plait_schema.registry.client import ClientError
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import reviews, users
from tests.schema.registry.test_http import PROD, body

STEPS = """\
before BEGIN IMMEDIATE: 1 and 1
before UPDATE registry_variant SET: 1 and 1
before INSERT INTO registry_version: 1 and 1
before INSERT INTO registry_audit: 1 and 1
before UPDATE registry_variant SET: 1 and 1
before INSERT INTO registry_version: 1 and 1
before INSERT INTO registry_audit: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before INSERT INTO registry_artifact: 1 and 1
before COMMIT: 1 and 1
before the answer: 2 and 2
"""


def test_killed_at_each_step_of_a_publish(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.schema.registry.dying", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.stdout, ran.stderr) == (STEPS, "")


@contextmanager
def full_disk(registry: RunningRegistry) -> Iterator[None]:
    """No file of the registry can grow beyond what it has."""
    file = registry.folder / "registry.db"
    largest = max(file.stat().st_size, file.with_name("registry.db-wal").stat().st_size)
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(registry.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(registry.pid, resource.RLIMIT_FSIZE, unlimited)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits other processes")
def test_a_full_disk_refuses_what_is_new_and_serves_what_is_there(running: RunningRegistry) -> None:
    client = running.client
    client.post(f"{PROD}/publish", body(users(), reviews()))
    with sqlite3.connect(running.folder / "registry.db") as database:
        database.execute("UPDATE registry_token SET last_used_at = 0")  # its use would be noted again
    database.close()
    with full_disk(running):
        for request in (f"{PROD}/publish", f"{PROD}/publish"):
            with pytest.raises(ClientError) as raised:
                client.post(request, body(users("email: String" + "# and more\n" * 50_000)))
            assert raised.value.code == "STORAGE_FAILED"
        assert client.get(f"{PROD}/supergraph")["version"] == 1
        assert client.get(PROD)["latest"] == 1
    assert client.post(f"{PROD}/publish", body(users("email: String")))["serving"] == 2
