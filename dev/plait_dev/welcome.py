"""What a user sees once the platform answers."""

import json
import shlex
import socket

import click

from plait_dev.application import Application


def welcome(
    platform: Application, listening: socket.socket, registry: socket.socket | None, *, seconds: float
) -> None:
    """Print where to go, whom to be, and one request to try."""
    address = _address(listening)
    click.echo()
    click.echo(f"{click.style('plait', bold=True)} is ready ({seconds:.1f} s). Ctrl-C stops it.\n")
    places = [
        ("GraphiQL", f"{address}/graphql (open in a browser)"),
        ("GraphQL", f"{address}/graphql"),
        ("Health", f"{address}/health/ready"),
    ]
    if registry is not None:
        places.append(("Registry", f"{_address(registry)} (history, schema, operations)"))
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


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all addresses: show one of them
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
