"""`plait compose`: from supergraph.yaml to a supergraph SDL."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from plait_schema.commands.diagnostics import print_diagnostics
from plait_schema.commands.output import write_file
from plait_schema.commands.progress import progress
from plait_schema.sources import DEFAULT_TIMEOUT, SourceTimeoutError, read_contract, read_sources
from plait_schema.subgraph import SubgraphSource

_TIMED_OUT = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The subgraphs, in rover's supergraph.yaml format.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the supergraph SDL goes; standard output when left out.",
)
@click.option("--contract", metavar="NAME", help="Show clients what this contract of the configuration does.")
@click.option(
    "--api-schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the API schema goes, too: what clients see of the supergraph.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are shown: text on standard error, or JSON on standard output.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="How long running subgraphs may take to give their SDL.",
)
def compose(
    config: Path,
    output: Path | None,
    contract: str | None,
    api_schema: Path | None,
    format_: str,
    timeout: float,
) -> None:
    """Compose subgraphs into a supergraph.

    The configuration names each subgraph, its URL, and where its SDL is: a file (relative to the
    configuration), a running server, or a schema object in a Python module.

    \b
        federation_version: 2
        subgraphs:
          users:
            routing_url: http://localhost:4001/graphql
            schema:
              file: ./users.graphql
              # or subgraph_url: http://localhost:4001/graphql
              # or module: users.api:schema
        contracts:
          public:
            include: [public]
            exclude: [internal, beta]
            hide_unreachable_types: true

    A contract shows clients a part of the supergraph, chosen by @tag. What it leaves out is @inaccessible in
    the supergraph, and not in the API schema.

    Nothing is written unless the subgraphs compose; hints do not stand in the way.

    \b
    Exit codes:
      0  composed
      1  composition errors
      2  a running subgraph took too long
      3  bad usage or input
    """
    try:
        chosen = None if contract is None else read_contract(config, contract)
        sources = read_sources(config, timeout=timeout)
    except SourceTimeoutError as error:
        error.show()
        raise click.exceptions.Exit(_TIMED_OUT) from error

    # after the configuration is known to be good: this loads the composer
    from graphql import print_schema

    from plait_schema.composition import compose as compose_subgraphs
    from plait_schema.supergraph import read_supergraph

    with progress(f"Composing {_counted(sources)}"):
        composition = compose_subgraphs(sources, contract=chosen)
    supergraph_sdl = composition.supergraph_sdl
    if supergraph_sdl is not None and output is not None:
        write_file(output, supergraph_sdl)
    if supergraph_sdl is not None and api_schema is not None:
        write_file(api_schema, print_schema(read_supergraph(supergraph_sdl).api_schema) + "\n")
    if format_ == "json":
        document: dict[str, object] = {
            "schema_version": 1,
            "diagnostics": [diagnostic.as_json() for diagnostic in composition.diagnostics],
        }
        if supergraph_sdl is not None and output is None:
            document["supergraph"] = supergraph_sdl
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        if supergraph_sdl is not None and output is None:
            click.echo(supergraph_sdl, nl=False)
        print_diagnostics(composition.diagnostics, {source.name: source.sdl for source in sources})
        if supergraph_sdl is not None and output is not None:
            click.echo(f"Composed {_counted(sources)} into {output}.", err=True)
    if supergraph_sdl is None:
        raise click.exceptions.Exit(1)


def _counted(sources: Sequence[SubgraphSource]) -> str:
    return "1 subgraph" if len(sources) == 1 else f"{len(sources)} subgraphs"
