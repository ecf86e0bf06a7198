"""The folder that holds all state of `plait dev`: claimed by one process, emptied on request."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_MARK = ".plait"  # a lock; says which process has the folder, and whether it was empty when plait came
_SHARED = "with other files"


@contextmanager
def claimed(folder: Path, *, reset: bool) -> Iterator[Path]:
    """The data folder, ours alone until the end; with `reset`, empty.

    Raises click.ClickException with one clear line when the folder cannot be written, is in use by
    another process, or (with `reset`) held files when plait came to it.
    """
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)  # mails open accounts
        lock = os.open(folder / _MARK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileExistsError:
        raise click.ClickException(f"the data folder {folder} is not a folder") from None
    except OSError as error:
        raise click.ClickException(f"cannot write to the data folder {folder}: {error.strerror}") from None
    try:
        try:
            _lock(lock, folder, reset=reset)
        except OSError as error:
            raise click.ClickException(f"cannot use the data folder {folder}: {error.strerror}") from None
        yield folder
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path, *, reset: bool) -> None:
    owner, *remarks = os.pread(lock, 100, 0).decode(errors="replace").splitlines() or [""]
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        message = f"the data folder {folder} is in use by another plait (process {owner or 'unknown'})"
        raise click.ClickException(message) from None
    shared = _SHARED in remarks if owner else any(entry.name != _MARK for entry in folder.iterdir())
    os.ftruncate(lock, 0)
    os.pwrite(lock, "\n".join((str(os.getpid()), *([_SHARED] if shared else ()), "")).encode(), 0)
    if reset and shared:
        raise click.ClickException(f"--reset refused: {folder} held other files before plait came to it")
    if reset:
        _empty(folder)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == _MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
