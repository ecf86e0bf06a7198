"""A disk on which no file of a database can grow, as SQLite sees it."""

from collections.abc import Callable
from random import Random
from typing import Final

from sqlalchemy import Connection, Engine, event

from tests.subgraphs.chaos.control import Control

_ANY: Final = 1_000_000_000
"""Pages."""


def obey(control: Control) -> None:
    """From now on, have every transaction of this process find the disk as it is said to be."""

    def begins(connection: Connection) -> None:
        if connection.dialect.name == "sqlite" and control.disk_is_full is not (
            connection.info.get("is_limited", False)
        ):
            connection.info["is_limited"] = control.disk_is_full
            pages = 1 if control.disk_is_full else _ANY  # a limit below what there is becomes what there is
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "begin", begins)


def fill(control: Control, chance: Random) -> tuple[float, Callable[[], None]]:
    """For so many seconds, until somebody makes room."""

    def make_room() -> None:
        control.disk_is_full = False

    control.disk_is_full = True
    return chance.uniform(0.2, 1.5), make_room
