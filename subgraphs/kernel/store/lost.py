"""Connections that are gone: what is known of the transactions that they had."""

from typing import Self


class _LostError(ConnectionError):
    @classmethod
    def after(cls, error: BaseException) -> Self:
        """Of what the driver said."""
        said = getattr(error, "orig", None) or error
        return cls(" ".join(f"{type(said).__name__}: {said}".split()))


class DatabaseUnavailableError(_LostError):
    """The database could not be reached, or was not to be reached any more before a commit: nothing has
    changed, and all of it may be tried again."""


class CommitUnknownError(_LostError):
    """The connection was lost while a transaction was being committed: everything has changed, or nothing."""
