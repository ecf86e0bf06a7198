"""From what the subgraphs say to what the gateway serves, and back to who edits them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_schema.composition import Composition, compose
from plait_schema.diagnostics import Diagnostic, Severity
from plait_schema.sources import read_sources
from plait_schema.subgraph import SubgraphSource


def subgraph_sources(
    supergraph_yaml: Path, live: Mapping[str, str] | None = None
) -> tuple[SubgraphSource, ...]:
    """The subgraphs of supergraph.yaml, with the SDL of running code in place of its exported copy."""
    newer = live or {}
    return tuple(
        replace(source, sdl=newer.get(source.name, source.sdl)) for source in read_sources(supergraph_yaml)
    )


class Composer:
    """Composes time and again; subgraphs that have not changed since the last time are not loaded again."""

    def __init__(self) -> None:
        self._last: Composition | None = None

    def compose(self, subgraphs: Iterable[SubgraphSource]) -> Composition:
        """What `plait compose` gives."""
        self._last = compose(subgraphs, previous=self._last)
        return self._last


def serve_composed(
    subgraphs: Iterable[SubgraphSource],
    holder: SupergraphHolder,
    notices: Notices,
    composer: Composer | None = None,
) -> bool:
    """Compose and swap; when that fails the old graph stays, and terminal and GraphiQL say why."""
    composition = (composer or Composer()).compose(subgraphs)
    if composition.supergraph_sdl is None:
        report([d for d in composition.diagnostics if d.severity is Severity.ERROR], notices)
        return False
    refused = holder.replace(composition.supergraph_sdl)
    report(refused, notices)
    return not refused


def report(diagnostics: Iterable[Diagnostic], notices: Notices) -> None:
    """Show the findings where people look; none clears what was shown."""
    notices.show(diagnostics)
    for finding in notices.current:
        click.secho(f"  {in_one_line(finding)}", fg="red", err=True)
        if finding.fix:
            click.secho(f"    {finding.fix}", fg="yellow", err=True)


def in_one_line(finding: Diagnostic) -> str:
    """A finding as `file:line:column CODE message`."""
    place = next((f"{at.file or at.subgraph}:{at.line}:{at.column} " for at in finding.locations), "")
    return f"{place}{finding.code} {finding.message}"


def bring_files_up_to_date(exported: Iterable[SubgraphSource], live: Mapping[str, str]) -> None:
    """Write what the code says over exported SDL files that say something else."""
    for source in exported:
        sdl = live.get(source.name)
        if source.file is None or sdl is None or sdl == source.sdl:
            continue
        try:
            Path(source.file).write_text(sdl, encoding="utf-8")
        except OSError as error:
            click.secho(f"  {source.file} is out of date and cannot be written: {error.strerror}", err=True)
        else:
            click.echo(f"  {source.file} brought up to date with the code")
