"""`plait registry approve` and `approvals`: findings that checks of a variant let pass."""

import json
from datetime import datetime

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import segment, variant_path
from plait_schema.registry.model import VariantId


@click.command()
@click.argument("variant", type=VariantType())
@click.argument("fingerprints", nargs=-1, metavar="[FINGERPRINT]...")
@click.option(
    "--check",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="The check that has them; all that made it fail when none is named.",
)
@click.option("--reason", required=True, help="Why it is fine; shown by every check that it lets pass.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The last day; for good when left out."
)
@speaks_to_registry
@has_format
def approve(
    variant: VariantId,
    fingerprints: tuple[str, ...],
    check: int | None,
    reason: str,
    until: datetime | None,
    url: str,
    token: str | None,
    format_: str,
) -> None:
    """Let checks of GRAPH@VARIANT pass in spite of findings, which a report names by their fingerprints.

    The token needs the permission approve; who approved what is in the audit log.

    \b
        plait registry approve shop@prod f6fefaabb009fbe3 --reason "The old client is gone."
        plait registry approve shop@prod --check 12 --reason "Agreed with mobile." --until 2030-12-31
    """
    if not fingerprints and check is None:
        raise click.UsageError("say which findings, by their fingerprints, or --check.")
    path = variant_path(variant)
    with asking(url, token) as registry:
        body = {
            "fingerprints": fingerprints,
            "check": check,
            "reason": reason,
            "until": until.date().isoformat() if until else None,
        }
        given = registry.post(f"{path}/approvals", body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **given}, indent=2, ensure_ascii=False))
        return
    for one in given["approvals"]:
        what = f": {one['finding']}" if one["finding"] else ""
        click.echo(f"Approved {one['fingerprint']}{what}.")
    if not given["approvals"]:
        click.echo(f"Check {check} did not fail: there is nothing to approve.")


@click.command()
@click.argument("variant", type=VariantType())
@click.option("--withdraw", metavar="FINGERPRINT", help="Instead: take the approval of this finding back.")
@speaks_to_registry
@has_format
def approvals(variant: VariantId, withdraw: str | None, url: str, token: str | None, format_: str) -> None:
    """List what was approved for checks of GRAPH@VARIANT, by whom and why."""
    path = f"{variant_path(variant)}/approvals"
    with asking(url, token) as registry:
        if withdraw is not None:
            registry.delete(f"{path}/{segment(withdraw)}")
            click.echo(f"{withdraw} is no longer approved.", err=format_ == "json")
            return
        found = registry.get(path)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **found}, indent=2, ensure_ascii=False))
        return
    rows = [
        (
            one["fingerprint"],
            one["by"],
            one["until"] or "for good",
            one["finding"] or "",
            one["reason"],
        )
        for one in found["approvals"]
    ]
    print_table(("FINGERPRINT", "BY", "UNTIL", "FINDING", "REASON"), rows)
