"""`plait registry`: run a registry, and look after one that runs."""

import asyncio
import logging
import sys
from pathlib import Path

import click

from plait_schema.commands.registry.approvals import approvals, approve
from plait_schema.commands.registry.contracts import contract
from plait_schema.commands.registry.looking import list_, rollback, show
from plait_schema.commands.registry.settings import settings
from plait_schema.commands.registry.tokens import token
from plait_schema.commands.registry.webhooks import webhook


@click.group(invoke_without_command=True)
@click.option("--port", type=click.IntRange(0, 65535), default=4400, show_default=True, help="0 for any.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--database",
    envvar="PLAIT_REGISTRY_DATABASE",
    default="sqlite:///registry.db",
    show_default=True,
    metavar="URL",
    help="Where it keeps everything: sqlite:///FILE or postgresql://USER@HOST/DATABASE.",
)
@click.option(
    "--signing-key",
    envvar="PLAIT_REGISTRY_SIGNING_KEY",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ed25519 private key (PEM), made if it is not there. Beside a SQLite file when left out.",
)
@click.option(
    "--keep-days",
    type=click.IntRange(1),
    default=365,
    show_default=True,
    help="Versions that are older are forgotten, but the newest of each variant and what it serves.",
)
@click.option(
    "--keep-versions", type=click.IntRange(1), default=100, show_default=True, help="Of each variant."
)
@click.option(
    "--keep-usage-days", type=click.IntRange(1), default=365, show_default=True, help="Of what clients sent."
)
@click.option(
    "--private-webhooks", is_flag=True, help="Let webhooks lead into private networks, and to this machine."
)
@click.pass_context
def registry(
    context: click.Context,
    port: int,
    host: str,
    database: str,
    signing_key: Path | None,
    keep_days: int,
    keep_versions: int,
    keep_usage_days: int,
    *,
    private_webhooks: bool,
) -> None:
    """Run a schema registry until told to stop (Ctrl-C), or look after one with the commands below.

    \b
        plait registry --port 4400                   # run one; it tells an admin token when it is new
        plait registry token create ci --scope publish:shop
        plait publish shop@prod --subgraph users --schema users.graphql --routing-url http://users/graphql
        plait gateway --registry http://localhost:4400 --graph shop@prod
    """
    if context.invoked_subcommand is not None:
        return
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    for library in ("alembic", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)

    from plait_schema.registry.opening import SigningKeyError
    from plait_schema.registry.serving import Retention, run
    from plait_schema.registry.store import DatabaseError

    retention = Retention(days=keep_days, versions=keep_versions, usage_days=keep_usage_days)
    try:
        asyncio.run(
            run(
                database,
                host,
                port,
                key_file=signing_key,
                retention=retention,
                private_webhooks=private_webhooks,
                tell=click.echo,
            )
        )
    except (DatabaseError, SigningKeyError) as error:
        raise click.ClickException(f"{error}.") from error
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}.") from error
    click.echo("Stopped.")


registry.add_command(list_)
registry.add_command(show)
registry.add_command(rollback)
registry.add_command(contract)
registry.add_command(settings)
registry.add_command(approve)
registry.add_command(approvals)
registry.add_command(token)
registry.add_command(webhook)
