"""`plait registry settings`: how strict the checks of a variant are."""

import json
from pathlib import Path

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId
from plait_schema.registry.settings_form import settings_as_json, settings_in_words, settings_of_json
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
          maximum_cost: 50000
    """
    path = f"{variant_path(variant)}/check-settings"
    with asking(url, token) as registry:
        if config is None:
            form = registry.get(path)
        else:
            form = registry.put(path, settings_as_json(read_check_settings(config)))
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **form}, indent=2))
    else:
        print_table(("SETTING", "VALUE"), settings_in_words(settings_of_json(form)))
