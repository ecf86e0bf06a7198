"""What a database may be, and what is left of one that was closed."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url

from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.sqlite import SqliteBackend


@pytest.mark.parametrize("url", ["mysql://root@/db", "oracle://x"])
def test_other_databases_are_refused_in_a_clear_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        Database(url)


@pytest.mark.parametrize("threads", [True, False])
async def test_a_connection_that_is_given_back_too_late_does_not_outlive_its_database(
    tmp_path: Path, threads: bool
) -> None:
    """As when a program is interrupted while it gives one back."""
    before = set(threading.enumerate())
    backend = SqliteBackend(make_url(f"sqlite+aiosqlite:///{tmp_path}/a.db"), threads=threads)
    late = await backend.writer.connect()
    await backend.close()
    left = {one for one in threading.enumerate() if one not in before and not one.name.startswith("asyncio_")}
    assert left == set()
    await late.invalidate()
    await late.close()
