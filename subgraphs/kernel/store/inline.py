"""A connection whose statements run where they are awaited, instead of in a thread of their own."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from subgraphs.kernel.store.whole_statements import WholeStatements

P = ParamSpec("P")
R = TypeVar("R")

_ROWS_AT_A_TIME = 64  # as aiosqlite's default


class InlineConnection(WholeStatements):
    """Spares each statement the way to another thread and back."""

    def __init__(self, file: str) -> None:
        open_file = partial(sqlite3.connect, file, isolation_level=None, check_same_thread=False)
        super().__init__(open_file, iter_chunk_size=_ROWS_AT_A_TIME)

    async def _answered(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return fn(*args, **kwargs)
