"""A SQLite file has one process at a time that works off its messages."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUseError(Exception):
    """Another process works on this database."""


@contextmanager
def sole_use(database: Path) -> Iterator[None]:
    """Hold the lock beside the database file; InUseError when somebody else does, OSError.

    Whoever holds it may take over at once what an earlier process had in hand: that process is gone. The lock
    is the operating system's, so that it ends with its holder however that ends.
    """
    held = os.open(database.with_name(f"{database.name}.worker"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(held, 20, 0).decode(errors="replace").strip() or "unknown"
            raise InUseError(f"process {owner} works on {database}: a SQLite file has one worker") from None
        os.ftruncate(held, 0)
        os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(held)
