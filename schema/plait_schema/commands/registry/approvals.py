"""`plait registry approve` and `approvals`: findings that checks of a variant let pass."""

import json
from datetime import datetime
from typing import Any

import click

from plait_schema.commands.registry.options import VariantType, asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import RegistryClient, segment, variant_path
from plait_schema.registry.model import VariantId


@click.command()
@click.argument("variant", type=VariantType())
@click.argument("fingerprints", nargs=-1, metavar="[FINGERPRINT]...")
@click.option("--check", type=click.IntRange(1), metavar="NUMBER", help="All that made this check fail.")
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
    if bool(fingerprints) == (check is not None):
        raise click.UsageError("say which findings, by their fingerprints, or --check.")
    path = variant_path(variant)
    with asking(url, token) as registry:
        wanted = fingerprints if check is None else _failing(registry, variant, check)
        day = until.date().isoformat() if until else None
        approved = [
            registry.post(f"{path}/approvals", {"fingerprint": one, "reason": reason, "until": day})
            for one in wanted
        ]
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, "approvals": approved}, indent=2, ensure_ascii=False))
        return
    for one in approved:
        click.echo(f"Approved {one['fingerprint']}.")
    if not approved:
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
        (one["fingerprint"], one["by"], one["until"] or "for good", one["reason"])
        for one in found["approvals"]
    ]
    print_table(("FINGERPRINT", "BY", "UNTIL", "REASON"), rows)


def _failing(registry: RegistryClient, variant: VariantId, check: int) -> tuple[str, ...]:
    """The fingerprints of what made a check fail, each once."""
    report: dict[str, Any] = registry.get(f"{variant_path(variant)}/checks/{check}")["report"]
    findings = [finding for section in report["sections"] for finding in section["findings"]]
    return tuple(dict.fromkeys(one["fingerprint"] for one in findings if one.get("fails")))
