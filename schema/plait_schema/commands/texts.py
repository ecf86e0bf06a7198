"""Files that commands read, standard input (`-`), and files of a git revision."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from plait_schema.subgraph import SubgraphSource

_LONGEST: Final = 64_000_000  # bytes; what is larger is not what it is taken for
_STANDARD_INPUT: Final = Path("-")
_GIT_TIMEOUT: Final = 30  # seconds


def read_text(path: Path, what: str) -> str:
    """The file as text, or what comes in, for `-`; click.ClickException when it cannot be read."""
    if path == _STANDARD_INPUT:
        return decoded(sys.stdin.buffer.read(_LONGEST + 1), "standard input", what)
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # a name that no file can have
        raise click.ClickException(f"{str(path)!r} cannot be read: {error}.") from error
    return decoded(content, str(path), what)


def read_schema(name: str, url: str, file: Path) -> SubgraphSource:
    """A subgraph whose SDL is in the file; of standard input there is no file to name places with."""
    return SubgraphSource(
        name, url, read_text(file, "schema"), None if file == _STANDARD_INPUT else str(file)
    )


def read_text_or_revision(name: str, what: str) -> str:
    """As `read_text`; what is no file, and looks like `REVISION:path`, is what git has there."""
    if at_revision(name):
        return decoded(bytes_of_git("show", "--end-of-options", name, name=name), name, what)
    return read_text(Path(name), what)


def at_revision(name: str) -> bool:
    """Whether it is `REVISION:path`, and no file."""
    return ":" in name and not Path(name).exists()


def decoded(content: bytes, name: str, what: str) -> str:
    """UTF-8 text of a reasonable length; click.ClickException for anything else."""
    if len(content) > _LONGEST:
        raise click.ClickException(f"{name} is larger than {_LONGEST:,} bytes: this is no {what}.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{name} is not UTF-8 text (byte {error.start}).") from error


def bytes_of_git(*arguments: str, name: str) -> bytes:
    """What git says; click.ClickException, about what was named, when it does not."""
    if name.startswith(("-", ":")):
        raise click.ClickException(f"{name} is no revision and path.")
    try:
        ran = subprocess.run(["git", *arguments], capture_output=True, check=False, timeout=_GIT_TIMEOUT)  # noqa: S603, S607
    except (OSError, subprocess.TimeoutExpired) as error:
        raise click.ClickException(f"{name} cannot be read from git: {error}.") from error
    if ran.returncode != 0:
        reason = ran.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise click.ClickException(f"{name} cannot be read from git: {reason}")
    return ran.stdout
