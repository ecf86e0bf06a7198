"""Databases that cannot be had: what is known of the transactions that were under way."""

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


class ConnectionLostError(DatabaseUnavailableError):
    """A connection that had been made was lost before a commit: by the server's end, or by what it was
    asked."""


class DatabaseBusyError(DatabaseUnavailableError):
    """Others have had it for so long that it was given up to wait for them: nothing has changed."""


class DatabaseUnwritableError(DatabaseUnavailableError):
    """Nothing can be written there, whatever it is: the disk is full, say. Nothing has changed."""


class CommitUnknownError(_LostError):
    """The connection was lost while a transaction was being committed: everything has changed, or nothing."""
