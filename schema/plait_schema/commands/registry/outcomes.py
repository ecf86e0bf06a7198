"""What a change of a variant did, for people."""

from collections.abc import Sequence
from typing import Any

import click

from plait_schema.commands.diagnostics import print_diagnostics
from plait_schema.diagnostics import Diagnostic, Location, Severity
from plait_schema.registry.model import VariantId
from plait_schema.subgraph import SubgraphSource


def print_findings(version: dict[str, Any], sources: Sequence[SubgraphSource]) -> None:
    """What was found in a version, with the lines of the subgraphs that are known here."""
    files = {one.name: one for one in sources}
    print_diagnostics(
        [_diagnostic(one, files) for one in version["diagnostics"]],
        {one.name: one.sdl for one in sources},
    )


def tell_contract(version: dict[str, Any], *, dry_run: bool) -> None:
    """What became of a contract, with its errors."""
    contract = f"{version['graph']}@{version['variant']}"
    if version["state"] == "composed":
        serves = "would follow it" if dry_run else f"serves version {version['number']}"
        click.echo(f"Its contract {contract} {serves}.")
        return
    errors = [one for one in version["diagnostics"] if one["severity"] == "error"]
    stays = "would not compose, and stay as it is" if dry_run else "does not compose, and stays as it is"
    click.echo(f"Its contract {contract} {stays}:")
    for one in errors:
        click.echo(f"  {one['code']} {one['message']}")


def told(variant: VariantId, outcome: dict[str, Any]) -> str:
    """What a change did, in one sentence."""
    version, serving = outcome["version"], outcome["serving"]
    served = f"version {serving}" if serving else "nothing"
    if outcome["dryRun"]:
        state = "would compose" if version["state"] == "composed" else "would not compose"
        return f"Dry run: {variant} {state if outcome['changed'] else 'would stay as it is'}."
    match version["state"]:
        case "refused":
            return f"Refused as version {version['number']}: {variant} still serves {served}."
        case _ if not outcome["changed"]:
            return f"Nothing has changed: {variant} serves {served}."
        case "waiting":
            kept = f"Kept as version {version['number']}"
            return f"{kept}: {variant} serves nothing until what is published composes."
        case _:
            return f"{variant} serves version {version['number']}."


def _diagnostic(entry: dict[str, Any], files: dict[str, SubgraphSource]) -> Diagnostic:
    """A finding of the registry with the files of this side: the registry knows names only."""
    return Diagnostic(
        code=entry["code"],
        severity=Severity(entry["severity"]),
        message=entry["message"],
        coordinate=entry["coordinate"],
        subgraphs=tuple(entry["subgraphs"]),
        locations=tuple(
            Location(
                at["subgraph"],
                files[at["subgraph"]].file if at["subgraph"] in files else at["file"],
                at["line"],
                at["column"],
            )
            for at in entry["locations"]
        ),
        fix=entry.get("fix"),
    )
