"""`plait publish`: a subgraph's schema into the registry."""

import json
import os
from pathlib import Path
from typing import Any

import click

from plait_schema.commands.progress import progress
from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.outcomes import print_findings, tell_contract, told
from plait_schema.commands.texts import read_schema
from plait_schema.registry.client import segment, variant_path
from plait_schema.registry.model import VariantId
from plait_schema.sources import read_sources
from plait_schema.subgraph import SubgraphSource

_COMMITS = ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT")
_AUTHORS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "GIT_AUTHOR_NAME", "USER")


@click.command()
@click.argument("variant", type=VariantType())
@click.option("--subgraph", metavar="NAME", help="The subgraph to publish.")
@click.option(
    "--schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its SDL: a file, or - for standard input.",
)
@click.option("--routing-url", metavar="URL", help="Where gateways reach it; what it was when left out.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Instead: publish all subgraphs of this supergraph.yaml together.",
)
@click.option("--delete", "deleted", metavar="NAME", help="Instead: take this subgraph out.")
@click.option("--dry-run", is_flag=True, help="Compose and tell, but change nothing.")
@click.option("--commit", help="Of the schema; that of the CI job when left out.")
@click.option("--author", help="Of the change; that of the CI job when left out.")
@click.option("--message", help="Shown in the history.")
@speaks_to_registry
@has_format
def publish(
    variant: VariantId,
    subgraph: str | None,
    schema: Path | None,
    routing_url: str | None,
    config: Path | None,
    deleted: str | None,
    commit: str | None,
    author: str | None,
    message: str | None,
    url: str,
    token: str | None,
    format_: str,
    *,
    dry_run: bool,
) -> None:
    """Publish a subgraph's schema to GRAPH@VARIANT (the variant is `current` when left out).

    Gateways get the new supergraph if the graph composes; if it does not, they keep what they have, and the
    command says why. While a variant serves nothing yet, its subgraphs are kept until they compose together.

    \b
        plait publish shop@prod --subgraph users --schema users.graphql --routing-url http://users/graphql
        plait publish shop@prod --config supergraph.yaml
        plait publish shop@prod --delete legacy --dry-run

    \b
    Exit codes:
      0  published (or, with --dry-run, it would compose)
      1  refused: it does not compose
      2  the registry took too long
      3  bad usage or input, or the registry refused
    """
    given = [option for option in (subgraph, config, deleted) if option is not None]
    if len(given) != 1:
        raise click.UsageError("say one of --subgraph, --config and --delete.")
    path = variant_path(variant)
    with asking(url, token) as registry:
        if deleted is not None:
            query = {"dryRun": "true"} if dry_run else None
            with progress(f"Taking {deleted} out of {variant}", format_=format_):
                outcome = registry.delete(f"{path}/subgraphs/{segment(deleted)}", query)
            sources: tuple[SubgraphSource, ...] = ()
        else:
            sources = (
                read_sources(config)
                if config is not None
                else (_source(subgraph or "", schema, routing_url or _known_url(registry, path, subgraph)),)
            )
            body = {
                "subgraphs": [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in sources],
                "origin": {
                    "commit": commit or _from_environment(_COMMITS),
                    "author": author or _from_environment(_AUTHORS),
                    "message": message,
                },
                "dryRun": dry_run,
            }
            with progress(f"Publishing to {variant}", format_=format_):
                outcome = registry.post(f"{path}/publish", body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **outcome}, indent=2, ensure_ascii=False))
    else:
        print_findings(outcome["version"], sources)
        click.echo(told(variant, outcome))
        for version in outcome["contracts"]:
            tell_contract(version, dry_run=dry_run)
    if outcome["version"]["state"] == "refused":
        raise click.exceptions.Exit(1)


def _source(name: str, schema: Path | None, routing_url: str | None) -> SubgraphSource:
    if schema is None:
        raise click.UsageError("say with --schema where the SDL of the subgraph is.")
    if routing_url is None:
        raise click.UsageError(f"{name} is new: say with --routing-url where gateways reach it.")
    return read_schema(name, routing_url, schema)


def _known_url(registry: Any, path: str, name: str | None) -> str | None:
    """Where the subgraph was reached so far; None if it or the variant is new."""
    from plait_schema.registry.client import ClientError

    try:
        head = registry.get(path)["head"]
        parts = registry.get(f"{path}/versions/{head}")["subgraphs"] if head else []
    except ClientError as error:
        if error.code != "NOT_FOUND":
            raise
        return None
    return next((part["routingUrl"] for part in parts if part["name"] == name), None)


def _from_environment(names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)
