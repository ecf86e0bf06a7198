"""Small indexes of large tables: of the few rows that are looked for."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Index


def partial_index(
    name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False
) -> Index:
    """An index of the rows `where` something holds, on either database."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
