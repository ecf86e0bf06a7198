"""What a user sees once the platform answers."""

import json
import shlex
import socket

import click

from plait_dev.application import Application
from plait_dev.listening import address_of


def welcome(
    platform: Application, listening: socket.socket, registry: socket.socket | None, *, seconds: float
) -> None:
    """Print where to go, whom to be, and one request to try."""
    address = address_of(listening)
    click.echo()
    click.echo(f"{click.style('plait', bold=True)} is ready ({seconds:.1f} s). Ctrl-C stops it.\n")
    places = [
        ("GraphiQL", f"{address}/graphql (open in a browser)"),
        ("GraphQL", f"{address}/graphql"),
        ("Health", f"{address}/health/ready"),
    ]
    if registry is not None:
        places.append(("Registry", f"{address_of(registry)} (history, schema, operations)"))
    for what, where in platform.places.items():
        places.append((what, f"{address}{where}" if where.startswith("/") else where))
    for what, where in places:
        click.echo(f"  {what:<10} {click.style(where, fg='cyan')}")
    if platform.logins:
        click.echo("\n  Log in as")
    for login in platform.logins:
        click.echo(f"  {login.role:<12} {login.email:<34} {login.password}")
    body = shlex.quote(json.dumps({"query": platform.sample_query}))
    click.echo("\n  Try")
    click.echo(f"  curl -s {address}/graphql -H 'content-type: application/json' -d {body}\n")
