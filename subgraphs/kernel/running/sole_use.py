"""Locks of the operating system on files: they end with their holder, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUseError(Exception):
    """Another process uses this database, or its folder, for itself."""


@contextmanager
def sole_use(database: Path) -> Iterator[None]:
    """Be the one process that works off the messages in a SQLite file; InUseError when another one is.

    What an earlier process had in hand may be taken over at once: that process is gone.
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


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Keep the folder from being claimed, and emptied, by a process that wants it for itself; InUseError when
    one has it.

    Such a process, as `plait dev`, holds the lock on the file `.plait` in it. What stands in that is its own.
    """
    mark = os.open(folder / ".plait", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(f"the data folder {folder} is in use by another plait") from None
        yield
    finally:
        os.close(mark)
