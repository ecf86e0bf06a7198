"""The former name of `tables`, for as long as `subgraphs/seed/seeding.py` imports it."""

from subgraphs.identity.tables import metadata

__all__ = ["metadata"]
