"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path

import click


def write_file(path: Path, text: str) -> None:
    """Put the text there at once: who reads the file sees the old text or the new one, never a part.

    Raises click.ClickException when it cannot be written, and leaves what was there.
    """
    target = Path(os.path.realpath(path))  # through a link to what it points at
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # a device or pipe, which nothing can replace
            return
        _replace(target, text)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error


def _replace(target: Path, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(target))
        os.replace(temporary, target)  # noqa: PTH105 # Path.replace would do the same, less plainly
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The permissions that the file has, or that a new one would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
