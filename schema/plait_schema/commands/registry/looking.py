"""`plait registry list`, `show` and `rollback`."""

import json
from typing import Any

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId


@click.command("list")
@speaks_to_registry
@has_format
def list_(url: str, token: str | None, format_: str) -> None:
    """List the variants that the token may read."""
    with asking(url, token) as registry:
        found = registry.get("/api/variants")
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **found}, indent=2))
        return
    rows = [
        (
            f"{one['graph']}@{one['variant']}",
            _number(one["serving"]),
            _number(one["latest"]),
            one["contract"]["source"] if one["contract"] else "",
        )
        for one in found["variants"]
    ]
    print_table(("VARIANT", "SERVES", "LATEST", "CONTRACT OF"), rows)


@click.command()
@click.argument("variant", type=VariantType())
@click.option(
    "--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="How many versions."
)
@speaks_to_registry
@has_format
def show(variant: VariantId, limit: int, url: str, token: str | None, format_: str) -> None:
    """Show what a variant serves, its subgraphs, and its history."""
    path = variant_path(variant)
    with asking(url, token) as registry:
        at = registry.get(path)
        versions = registry.get(f"{path}/versions", {"limit": limit})["versions"]
        head = registry.get(f"{path}/versions/{at['head']}") if at["head"] else None
    if format_ == "json":
        document = {"schema_version": 1, "variant": at, "head": head, "versions": versions}
        click.echo(json.dumps(document, indent=2))
        return
    serves = f"version {at['serving']}" if at["serving"] else "nothing yet"
    click.echo(f"{click.style(str(variant), bold=True)} serves {serves}")
    if at["contract"] is not None:
        click.echo(f"It is a contract of {contract_in_words(at['contract'])}.")
    click.echo()
    if head is not None:
        parts = head["subgraphs"]
        print_table(("SUBGRAPH", "ROUTING URL"), [(one["name"], one["routingUrl"]) for one in parts])
        click.echo()
    rows = [_row(one, serving=one["number"] == at["serving"]) for one in versions]
    print_table(("VERSION", "STATE", "CAUSE", "AT", "BY", "COMMIT", "", "MESSAGE"), rows)


@click.command()
@click.argument("variant", type=VariantType())
@click.option("--to", type=click.IntRange(1), required=True, metavar="VERSION", help="One that composed.")
@click.option("--message", metavar="TEXT", help="Why; shown in the history.")
@speaks_to_registry
@has_format
def rollback(
    variant: VariantId, to: int, message: str | None, url: str, token: str | None, format_: str
) -> None:
    """Serve what an earlier version served. Nothing is lost: it becomes a new version."""
    body = {"to": to, "origin": {"message": message} if message else None}
    with asking(url, token) as registry:
        outcome = registry.post(f"{variant_path(variant)}/rollback", body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **outcome}, indent=2))
    else:
        click.echo(f"{variant} serves version {outcome['serving']}, which is version {to} again.")


def contract_in_words(contract: dict[str, Any]) -> str:
    """As `prod, with public, without beta`."""
    parts = [contract["source"]]
    if contract["include"]:
        parts.append(f"with {' and '.join(contract['include'])}")
    if contract["exclude"]:
        parts.append(f"without {' and '.join(contract['exclude'])}")
    if contract["hideUnreachableTypes"]:
        parts.append("without types that nothing leads to")
    return ", ".join(parts)


def _row(version: dict[str, Any], *, serving: bool) -> tuple[str, ...]:
    origin = version["origin"]
    return (
        str(version["number"]),
        version["state"],
        version["cause"],
        version["at"][:16].replace("T", " "),
        origin["author"] or version["by"],
        (origin["commit"] or "")[:10],
        "<- served" if serving else "",
        origin["message"] or "",
    )


def _number(number: int | None) -> str:
    return "-" if number is None else str(number)
