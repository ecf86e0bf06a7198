"""Bringing the tables up to date."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from plait_schema.registry.store.database import Database, DatabaseError

_FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_062_911_034  # any number that no other program takes


async def migrate(database: Database) -> None:
    """Create or upgrade the tables, whole or not at all. Processes that start at once wait for each other.

    Raises DatabaseError: the database cannot be reached or written, or is that of a newer registry.
    """
    try:
        async with database.write() as connection:
            if database.is_shared:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade)
    except CommandError as error:
        raise DatabaseError(f"the database was written by a newer plait: {error}") from error
    except (DBAPIError, OSError) as error:
        raise DatabaseError(
            f"the database cannot be used: {getattr(error, 'orig', None) or error}"
        ) from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold a space or a colon
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
