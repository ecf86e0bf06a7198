"""What `plait check` reads: what is published, operations, usage and approvals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from plait_schema.checks.approvals import Approvals
from plait_schema.checks.approvals_file import read_approvals
from plait_schema.checks.input_error import InputError
from plait_schema.checks.operations import (
    RecordedOperation,
    merged,
    operations_in,
    operations_of_manifest,
    read_usage,
)
from plait_schema.commands.configurations import read_configured
from plait_schema.commands.graphs import is_configuration
from plait_schema.commands.supergraphs import unusable_supergraph
from plait_schema.commands.texts import read_text, read_text_or_revision
from plait_schema.contract import Contract
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import SupergraphError
from plait_schema.supergraph.extraction import extract_subgraphs

_DOCUMENTS: Final = (".graphql", ".gql", ".graphqls")


@dataclass(frozen=True, slots=True)
class Against:
    """What is published."""

    sources: tuple[SubgraphSource, ...]
    supergraph_sdl: str | None
    contracts: tuple[Contract, ...]


def read_against(name: str, *, timeout: float) -> Against:
    """The subgraphs of a supergraph.yaml, or those that a supergraph was composed of.

    Raises click.ClickException, and SourceTimeoutError for a running subgraph.
    """
    if is_configuration(name):
        configured = read_configured(name, timeout=timeout)
        return Against(configured.sources, None, configured.contracts)
    sdl = read_text_or_revision(name, "supergraph")
    try:
        return Against(tuple(extract_subgraphs(sdl)), sdl, ())
    except SupergraphError as error:
        raise unusable_supergraph(name, error) from error


def read_operations(operations: Iterable[Path], usage: Iterable[Path]) -> tuple[RecordedOperation, ...]:
    """All operations, each once, with the usage of each; click.ClickException with code and place."""
    try:
        return merged((*_operations(operations), *_usage(usage)))
    except InputError as error:
        raise click.ClickException(str(error)) from error


def read_approvals_file(file: Path) -> Approvals:
    """The approvals of the file; click.ClickException with code and place."""
    try:
        return read_approvals(read_text(file, "file of approvals"), str(file))
    except InputError as error:
        raise click.ClickException(str(error)) from error


def _operations(paths: Iterable[Path]) -> Iterator[RecordedOperation]:
    texts: dict[str, str] = {}
    for path in paths:
        for file in _files(path):
            text = read_text(file, "file of operations")
            if file.suffix in _DOCUMENTS:
                texts[str(file)] = text
            else:
                yield from operations_of_manifest(text, str(file))
    yield from operations_in(texts)


def _files(path: Path) -> tuple[Path, ...]:
    """The file, or the documents and manifests of the folder."""
    if not path.is_dir():
        return (path,)
    return tuple(
        sorted(file for file in path.rglob("*") if file.suffix in (*_DOCUMENTS, ".json") and file.is_file())
    )


def _usage(paths: Iterable[Path]) -> Iterator[RecordedOperation]:
    for path in paths:
        yield from read_usage(read_text(path, "file of usage"), str(path))
