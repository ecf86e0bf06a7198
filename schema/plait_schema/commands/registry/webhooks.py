"""`plait registry webhook`: who is told what happens."""

import json

import click

from plait_schema.commands.registry.options import asking, has_format, speaks_to_registry
from plait_schema.commands.registry.table import print_table
from plait_schema.registry.client import segment


@click.group()
def webhook() -> None:
    """Make, list, test and remove webhooks; an admin token is needed."""


@webhook.command()
@click.argument("name")
@click.option("--to", "to", required=True, metavar="URL", help="Where events are sent.")
@click.option(
    "--on",
    "events",
    multiple=True,
    required=True,
    metavar="EVENT",
    help="published, not_composed, rolled_back, check_passed or check_failed; may be repeated.",
)
@click.option(
    "--of",
    default="*@*",
    show_default=True,
    metavar="GRAPH@VARIANT",
    help="Of which variants; * is a wildcard.",
)
@click.option("--slack", is_flag=True, help="Send text, for Slack and what takes the same, instead of JSON.")
@speaks_to_registry
@has_format
def create(
    name: str,
    to: str,
    events: tuple[str, ...],
    of: str,
    url: str,
    token: str | None,
    format_: str,
    *,
    slack: bool,
) -> None:
    """Make a webhook. Its secret, which signatures are verified with, is shown once.

    \b
        plait registry webhook create deploys --to https://ci.example/hook --on published --of 'shop@*'
        plait registry webhook create chat --to https://hooks.slack.com/services/... --on not_composed --slack
    """
    body = {"name": name, "url": to, "events": events, "of": of, "form": "slack" if slack else "json"}
    with asking(url, token) as registry:
        made = registry.post("/api/webhooks", body)
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **made}, indent=2))
    else:
        click.echo(made["secret"])
        click.echo(f"Webhook {made['id']} ({name}); keep the secret, it is not shown again.", err=True)


@webhook.command("list")
@speaks_to_registry
@has_format
def list_webhooks(url: str, token: str | None, format_: str) -> None:
    """List the webhooks."""
    with asking(url, token) as registry:
        found = registry.get("/api/webhooks")
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **found}, indent=2))
        return
    rows = [
        (one["id"], one["name"], one["host"], one["of"], one["form"], " ".join(one["events"]))
        for one in found["webhooks"]
    ]
    print_table(("ID", "NAME", "SENDS TO", "OF", "FORM", "EVENTS"), rows)


@webhook.command()
@click.argument("id")
@speaks_to_registry
def test(id: str, url: str, token: str | None) -> None:  # noqa: A002 # the argument's name
    """Send a webhook a test; `deliveries` shows what came of it."""
    with asking(url, token) as registry:
        registry.post(f"/api/webhooks/{segment(id)}/test", {})
    click.echo(f"A test is on its way: plait registry webhook deliveries {id}", err=True)


@webhook.command()
@click.argument("id")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many.")
@click.option("--again", type=click.IntRange(1), metavar="DELIVERY", help="Instead: send this one again.")
@speaks_to_registry
@has_format
def deliveries(
    id: str,  # noqa: A002 # the argument's name
    limit: int,
    again: int | None,
    url: str,
    token: str | None,
    format_: str,
) -> None:
    """Show what was delivered to a webhook, and what is to be."""
    path = f"/api/webhooks/{segment(id)}/deliveries"
    with asking(url, token) as registry:
        if again is not None:
            registry.post(f"{path}/{again}/again", {})
            click.echo(f"Delivery {again} is sent again.", err=format_ == "json")
            return
        found = registry.get(path, {"limit": limit})
    if format_ == "json":
        click.echo(json.dumps({"schema_version": 1, **found}, indent=2, ensure_ascii=False))
        return
    rows = [
        (
            str(one["id"]),
            one["event"],
            one["target"] or "",
            one["at"][:16].replace("T", " "),
            one["state"],
            str(one["attempts"]),
            f"status {one['status']}" if one["status"] else one["reason"] or "",
        )
        for one in found["deliveries"]
    ]
    print_table(("DELIVERY", "EVENT", "OF", "AT", "STATE", "ATTEMPTS", "LAST ANSWER"), rows)


@webhook.command()
@click.argument("id")
@speaks_to_registry
def remove(id: str, url: str, token: str | None) -> None:  # noqa: A002 # the argument's name
    """Remove a webhook, and what was to be delivered to it."""
    with asking(url, token) as registry:
        gone = registry.delete(f"/api/webhooks/{segment(id)}")
    click.echo(f"Webhook {id} ({gone['name']}) is removed.")
