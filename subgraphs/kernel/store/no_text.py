"""What PostgreSQL takes for no text: one with a null character in it, wherever it is compared or stored."""

from typing import Final

from sqlalchemy.exc import DBAPIError

_CHARACTER_NOT_IN_REPERTOIRE: Final = "22021"


def is_no_text(error: BaseException | None) -> bool:
    """Whether that is what the database has complained about: whoever asked gave it."""
    return (
        isinstance(error, DBAPIError)
        and getattr(error.orig, "sqlstate", None) == _CHARACTER_NOT_IN_REPERTOIRE
    )
