"""The folder that holds all state of `plait dev`: claimed by one process, emptied on request."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_MARK = ".plait"  # written into folders that we made, and the lock that says who uses them


@contextmanager
def claimed(folder: Path, *, reset: bool) -> Iterator[Path]:
    """The data folder, ours alone until the end; with `reset`, empty.

    Raises click.ClickException with one clear line when the folder cannot be written, is in use by
    another process, or (with `reset`) holds files that plait did not put there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = any(folder.iterdir()) and not (folder / _MARK).exists()
        lock = os.open(folder / _MARK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise click.ClickException(f"cannot write to the data folder {folder}: {error.strerror}") from None
    try:
        _lock(lock, folder)
        if reset:
            if foreign:
                (folder / _MARK).unlink()
                raise click.ClickException(f"--reset refused: {folder} was not made by plait")
            _empty(folder)
        yield folder
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN):
            raise
        owner = os.read(lock, 20).decode().strip() or "?"
        raise click.ClickException(
            f"the data folder {folder} is in use by another plait (process {owner})"
        ) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == _MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
