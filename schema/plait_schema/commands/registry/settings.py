"""`plait registry settings`: how strict the checks of a variant are."""

import json
from pathlib import Path
from typing import Any

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId
from plait_schema.registry.settings_form import settings_as_json
from plait_schema.sources import read_check_settings


@click.command()
@click.argument("variant", type=VariantType())
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep what the sections checks and lint of this plait.yaml say.",
)
@speaks_to_registry
@has_format
def settings(variant: VariantId, config: Path | None, url: str, token: str | None, format_: str) -> None:
    """Show, or with --config set, what holds for checks of GRAPH@VARIANT that do not say so themselves.

    \b
        checks:
          usage_window: 7d
          minimum_requests: 10
          minimum_percentage: 0.5
          excluded_clients: [load-test]
          included_variants: [shop@staging]
    """
    path = f"{variant_path(variant)}/check-settings"
    with asking(url, token) as registry:
        form = (
            registry.get(path)
            if config is None
            else registry.put(path, settings_as_json(read_check_settings(config)))
        )
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **form}, indent=2))
    else:
        print_table(("SETTING", "VALUE"), list(settings_in_words(form)))


def settings_in_words(form: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Every setting with its value, or what holds where it is not said."""
    window, least, share = form["windowSeconds"], form["minimumRequests"], form["minimumPercentage"]
    tags = form["approvedTags"]
    return (
        ("fails on", form["failOn"] or "breaking"),
        ("usage window", "30 days" if window is None else f"{window / 86_400:g} days"),
        ("minimum requests", "1" if least is None else f"{least:,}"),
        ("minimum percentage", f"{share or 0:g} %"),
        ("excluded clients", ", ".join(form["excludedClients"]) or "none"),
        ("included variants", ", ".join(form["includedVariants"]) or "none"),
        ("lint", ", ".join(f"{rule} {level}" for rule, level in form["lint"].items()) or "as by default"),
        ("approved tags", "all" if tags is None else ", ".join(tags) or "none"),
    )
