"""A supergraph.yaml as a file, or as it was in a git revision, with the files that it names."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from plait_schema.commands.texts import at_revision, bytes_of_git
from plait_schema.contract import Contract
from plait_schema.sources import read_contracts, read_sources
from plait_schema.sources.configuration import FromFile, read_configuration
from plait_schema.subgraph import SubgraphSource


@dataclass(frozen=True, slots=True)
class Configured:
    """What a configuration says."""

    sources: tuple[SubgraphSource, ...]
    contracts: tuple[Contract, ...]


def read_configured(name: str, *, timeout: float) -> Configured:
    """The subgraphs and contracts of a file, or of `REVISION:path`.

    Raises SourceError, SourceTimeoutError for running subgraphs, and click.ClickException for what git lacks.
    """
    if not at_revision(name):
        file = Path(name)
        return Configured(read_sources(file, timeout=timeout), read_contracts(file))
    revision = name.partition(":")[0]
    with _checked_out(name) as (folder, file):
        sources = read_sources(file, timeout=timeout)
        return Configured(
            tuple(replace(one, file=_named(one.file, folder, revision)) for one in sources),
            read_contracts(file),
        )


@contextmanager
def _checked_out(name: str) -> Iterator[tuple[Path, Path]]:
    """A folder with the configuration, and the files beside it that it names, as in the revision."""
    revision, _, path = name.partition(":")
    if path.startswith("."):
        path = posixpath.join(bytes_of_git("rev-parse", "--show-prefix", name=name).decode().strip(), path)
    path = posixpath.normpath(path)
    if path.startswith(("../", "/")):
        raise click.ClickException(f"{name} is outside of the repository.")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        file = _written(folder, revision, path)
        for entry in read_configuration(file):
            if isinstance(entry.schema, FromFile):
                beside = posixpath.normpath(entry.schema.path)
                if Path(beside).is_relative_to(folder):
                    _written(folder, revision, Path(beside).relative_to(folder).as_posix())
        yield folder, file


def _written(folder: Path, revision: str, path: str) -> Path:
    name = f"{revision}:{path}"
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes_of_git("show", "--end-of-options", name, name=name))
    return file


def _named(file: str | None, folder: Path, revision: str) -> str | None:
    """As people wrote it, instead of where it was put."""
    if file is None or not Path(file).is_relative_to(folder):
        return file
    return f"{revision}:{Path(posixpath.normpath(file)).relative_to(folder).as_posix()}"
