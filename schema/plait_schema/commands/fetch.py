"""`plait fetch`: what a registry serves, as a file."""

from pathlib import Path

import click

from plait_schema.commands.output import write_file
from plait_schema.commands.registry.named_versions import served_version
from plait_schema.commands.registry.options import VariantType, asking, speaks_to_registry
from plait_schema.registry.client import segment, variant_path
from plait_schema.registry.model import VariantId


@click.command()
@click.argument("variant", type=VariantType())
@click.option("--version", "number", type=click.IntRange(1), help="The served one when left out.")
@click.option("--api-schema", is_flag=True, help="What clients see, instead of the supergraph.")
@click.option("--subgraph", metavar="NAME", help="A subgraph's SDL, instead of the supergraph.")
@click.option(
    "--usage", is_flag=True, help="What clients sent, for `plait check --usage`, instead of the supergraph."
)
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far back, of usage."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where it goes; standard output when left out.",
)
@speaks_to_registry
def fetch(
    variant: VariantId,
    number: int | None,
    subgraph: str | None,
    days: int,
    output: Path | None,
    url: str,
    token: str | None,
    *,
    api_schema: bool,
    usage: bool,
) -> None:
    """Fetch the supergraph of GRAPH@VARIANT, its API schema, a subgraph's SDL, or what clients sent."""
    if sum((api_schema, usage, subgraph is not None)) > 1:
        raise click.UsageError("say one of --api-schema, --subgraph and --usage.")
    path = variant_path(variant)
    with asking(url, token) as registry:
        if usage:
            _give(registry.get_text(f"{path}/usage.jsonl?days={days}"), output, f"Usage of {variant}")
            return
        if number is None:
            number = served_version(registry, variant)
        what = "api-schema" if api_schema else "supergraph"
        if subgraph is not None:
            what = f"subgraphs/{segment(subgraph)}"
        text = registry.get_text(f"{path}/versions/{number}/{what}.graphql")
    _give(text, output, f"Version {number} of {variant}")


def _give(text: str, output: Path | None, what: str) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, text)
        click.echo(f"{what} is in {output}.", err=True)
