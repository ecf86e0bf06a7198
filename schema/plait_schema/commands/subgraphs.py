"""`plait subgraphs`: from a supergraph SDL back to the schema of each subgraph."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
import yaml

from plait_schema.commands.output import write_file
from plait_schema.commands.supergraphs import unusable_supergraph
from plait_schema.commands.texts import read_text
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import SupergraphError
from plait_schema.supergraph.extraction import extract_subgraphs


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--supergraph",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The supergraph SDL, of any composer.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for one file per subgraph, and the supergraph.yaml that composes them.",
)
@click.option("--name", help="Show this subgraph only: its SDL and nothing else.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="SDL under comments with names and URLs, or JSON with name, url and sdl of each.",
)
def subgraphs(supergraph: Path, output: Path | None, name: str | None, format_: str) -> None:
    """Restore the subgraphs' schemas from a supergraph.

    Reads supergraphs of the join specification v0.1 to v0.5, also those of Federation 1. The schemas are
    Federation 2, and composing them gives the supergraph again. What a supergraph does not tell is not in
    them, as directives that are not composed.

    \b
    Exit codes:
      0  restored
      3  bad usage or input
    """
    if output is not None and name is not None:
        raise click.UsageError("Give --output or --name, not both.")
    found = _extract(supergraph)
    if name is not None:
        found = [_find(name, found)]
    if output is not None:
        _write(output, found)
    elif format_ == "json":
        entries = [{"name": each.name, "url": each.url, "sdl": each.sdl} for each in found]
        click.echo(json.dumps({"schema_version": 1, "subgraphs": entries}, indent=2, ensure_ascii=False))
    elif name is not None:
        click.echo(found[0].sdl, nl=False)
    else:
        click.echo("\n".join(f"# {each.name} {each.url}\n\n{each.sdl}" for each in found), nl=False)


def _extract(path: Path) -> Sequence[SubgraphSource]:
    try:
        return extract_subgraphs(read_text(path, "supergraph"))
    except SupergraphError as error:
        raise unusable_supergraph(str(path), error) from error


def _find(name: str, found: Iterable[SubgraphSource]) -> SubgraphSource:
    by_name = {each.name: each for each in found}
    if name not in by_name:
        raise click.ClickException(f'There is no subgraph "{name}", but {", ".join(by_name)}.')
    return by_name[name]


def _write(folder: Path, found: Sequence[SubgraphSource]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}.") from error
    files = _file_names([each.name for each in found])
    for each in found:
        write_file(folder / files[each.name], each.sdl)
    configuration = {
        "federation_version": 2,
        "subgraphs": {
            each.name: {"routing_url": each.url, "schema": {"file": f"./{files[each.name]}"}}
            for each in found
        },
    }
    write_file(folder / "supergraph.yaml", yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True))


def _file_names(names: Iterable[str]) -> Mapping[str, str]:
    """By subgraph: a file name that is safe everywhere, and unique where case does not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^\w.-]", "_", name).lstrip(".") or "_"
        stem, number = plain, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{plain}-{number}"
        taken.add(stem.casefold())
        found[name] = f"{stem}.graphql"
    return found
