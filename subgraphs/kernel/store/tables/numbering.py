"""Logs are written first, and numbered then (store/sequence.py)."""

from sqlalchemy import ColumnElement, FromClause


def unnumbered(log: FromClause) -> ColumnElement[bool]:
    """Committed, and without a place in the order of its source yet."""
    return log.c.seq.is_(None)
