"""`plait registry contract`: a variant that shows a part of another one."""

import json

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.outcomes import print_findings, told
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId


@click.command()
@click.argument("variant", type=VariantType())
@click.option("--source", metavar="VARIANT", help="The variant of the same graph that it shows a part of.")
@click.option("--include", multiple=True, metavar="TAG", help="Show what has this @tag; may be repeated.")
@click.option("--exclude", multiple=True, metavar="TAG", help="Hide what has this @tag; may be repeated.")
@click.option("--hide-unreachable-types", is_flag=True, help="Hide types that no operation can mention.")
@click.option("--end", is_flag=True, help="Instead: let it be a variant like others.")
@click.option("--dry-run", is_flag=True, help="Compose and tell, but change nothing.")
@speaks_to_registry
@has_format
def contract(
    variant: VariantId,
    source: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    url: str,
    token: str | None,
    format_: str,
    *,
    hide_unreachable_types: bool,
    end: bool,
    dry_run: bool,
) -> None:
    """Make GRAPH@VARIANT a contract of another variant, which it follows from now on, or change it.

    \b
        plait registry contract shop@public --source prod --include public --exclude beta

    \b
    Exit codes:
      0  made (or, with --dry-run, it would compose)
      1  refused: it does not compose
      2  the registry took too long
      3  bad usage or input, or the registry refused
    """
    if end == (source is not None):
        raise click.UsageError("say one of --source and --end.")
    path = f"{variant_path(variant)}/contract"
    with asking(url, token) as registry:
        if end:
            registry.delete(path)
            click.echo(f"{variant} no longer follows another variant.")
            return
        body = {
            "source": source,
            "include": list(include),
            "exclude": list(exclude),
            "hideUnreachableTypes": hide_unreachable_types,
            "dryRun": dry_run,
        }
        outcome = registry.put(path, body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **outcome}, indent=2, ensure_ascii=False))
    else:
        print_findings(outcome["version"], ())
        click.echo(told(variant, outcome))
    if outcome["version"]["state"] != "composed":
        raise click.exceptions.Exit(1)
