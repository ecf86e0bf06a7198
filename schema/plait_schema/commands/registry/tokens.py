"""`plait registry token`: who may do what."""

import json
from datetime import UTC, datetime, timedelta

import click

from plait_schema.commands.registry.options import asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table


@click.group()
def token() -> None:
    """Make, list and revoke access tokens; an admin token is needed."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="PERMISSION[:GRAPH[@VARIANT]]",
    help="read, check, report, publish, approve or admin, where it holds; may be repeated.",
)
@click.option("--days", type=click.IntRange(1), help="How long it is good for; for ever when left out.")
@speaks_to_registry
@has_format
def create(
    name: str, scopes: tuple[str, ...], days: int | None, url: str, token: str | None, format_: str
) -> None:
    """Make a token. Its secret is shown once.

    \b
        plait registry token create ci --scope 'publish:shop@*' --days 90
        plait registry token create gateway --scope read:shop@prod --scope report:shop@prod
    """
    expires_at = None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat()
    with asking(url, token) as registry:
        body = {"name": name, "scopes": list(scopes), "expiresAt": expires_at}
        made = registry.post("/api/tokens", body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **made}, indent=2))
    else:
        click.echo(made["secret"])
        click.echo(f"Token {made['id']} ({name}); keep the secret, it is not shown again.", err=True)


@token.command("list")
@speaks_to_registry
@has_format
def list_tokens(url: str, token: str | None, format_: str) -> None:
    """List the tokens, without their secrets."""
    with asking(url, token) as registry:
        found = registry.get("/api/tokens")
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **found}, indent=2))
        return
    rows = [
        (
            str(one["id"]),
            one["name"],
            " ".join(one["scopes"]),
            _state(one),
            (one["lastUsedAt"] or "never")[:16].replace("T", " "),
        )
        for one in found["tokens"]
    ]
    print_table(("ID", "NAME", "SCOPES", "STATE", "LAST USED"), rows)


@token.command()
@click.argument("id", type=int)
@speaks_to_registry
@has_format
def revoke(id: int, url: str, token: str | None, format_: str) -> None:  # noqa: A002 # the argument's name
    """Revoke a token, from its next request on."""
    with asking(url, token) as registry:
        revoked = registry.delete(f"/api/tokens/{id}")
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **revoked}, indent=2))
    else:
        click.echo(f"Token {id} ({revoked['name']}) is revoked.")


def _state(one: dict[str, str | None]) -> str:
    if one["revokedAt"]:
        return "revoked"
    expires_at = one["expiresAt"]
    if expires_at is None:
        return "valid"
    over = datetime.fromisoformat(expires_at) <= datetime.now(UTC)
    return "expired" if over else f"until {expires_at[:10]}"
