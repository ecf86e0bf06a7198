"""The platform over the data folder or database that the options name, or one clear line why not."""

import asyncio
import getpass
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.logs import configure_logs
from subgraphs.kernel.messaging.transport import TransportError
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.store.migrations import UnknownRevisionError, standings
from subgraphs.platform import EdTechPlatform, build

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

data_dir_option: Callable[[F], F] = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".plait"),
    show_default=True,
    help="The folder of the keys, and of the database unless PLAIT_DATABASE_URL names one.",
)


def run(operation: Coroutine[Any, Any, T]) -> T:
    """Run one operation; a database that fails becomes one clear line."""
    configure_logs(logging.WARNING)
    try:
        return asyncio.run(operation)
    except asyncio.CancelledError:
        raise click.Abort from None  # told to stop, twice
    except TransportError as error:
        raise click.ClickException(f"messages do not come through: {error} [TRANSPORT_UNAVAILABLE]") from None
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise click.ClickException(f"the database cannot be used: {reason} [DATABASE_UNAVAILABLE]") from None
    except UnknownRevisionError as error:
        raise click.ClickException(f"{error} [DATABASE_NEWER]") from None


@asynccontextmanager
async def opened(
    data_dir: Path, *, may_be_new: bool = False, any_tables: bool = False
) -> AsyncIterator[EdTechPlatform]:
    """The platform, on a database that exists, or `may_be_new`; its tables are up to date, or `any_tables`.

    Raises click.ClickException when there is none, or when it is to be migrated first.
    """
    _prepare(data_dir, may_be_new=may_be_new)
    opened = build(data_dir, lambda line: click.echo(line, err=True))
    try:
        if not any_tables:
            await _check_tables(opened)
        yield opened
    finally:
        await opened.platform.close()


def _prepare(data_dir: Path, *, may_be_new: bool) -> None:
    try:
        file = Settings.from_environment(data_dir).database_file
    except SettingsError as error:
        raise click.ClickException(f"{error} [{error.code}]") from None
    if file is not None and not file.exists() and not may_be_new:
        raise click.ClickException(
            f"there is no database {file}: make it with `plait migrate`, name another folder with "
            "--data-dir, or a server in PLAIT_DATABASE_URL [DATABASE_MISSING]"
        )
    data_dir.mkdir(0o700, parents=True, exist_ok=True)


async def _check_tables(opened: EdTechPlatform) -> None:
    tables = await standings(opened.platform.database, opened.contexts)
    if behind := [one.name for one in tables if one.is_behind]:
        raise click.ClickException(
            f"the tables of {', '.join(behind)} are not up to date: run `plait migrate` [MIGRATIONS_PENDING]"
        )


def operator(opened: EdTechPlatform) -> RequestContext:
    """Whoever runs this command: as the operating system knows them, and as the audit will."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        name = str(os.getuid())
    return RequestContext(Actor(f"operator:{name}", SYSTEM.role), str(opened.platform.ids.new()))
