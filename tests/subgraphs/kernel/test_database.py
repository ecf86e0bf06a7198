"""What a database may be, and what is left of one that was closed."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

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


@pytest.fixture(params=[True, False], ids=["threads", "inline"])
async def numbers(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A file with a table of the numbers up to 50."""
    database = Database(f"sqlite:///{tmp_path}/numbers.db", threads=request.param)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE number (n INTEGER PRIMARY KEY)"))
        rows = await connection.execute(
            text("INSERT INTO number VALUES (:n)"), [{"n": n} for n in range(1, 51)]
        )
        assert rows.rowcount == 50
    yield database
    await database.close()


@pytest.mark.parametrize("most", [0, 1, 19, 20, 21, 50])
async def test_every_row_is_read_however_many_there_are(numbers: Database, most: int) -> None:
    query = text("SELECT n FROM number WHERE n <= :most ORDER BY n")
    async with numbers.read() as connection:
        assert list(await connection.scalars(query, {"most": most})) == list(range(1, most + 1))
        streamed = []
        async with connection.stream(query, {"most": most}) as rows:
            async for row in rows:
                streamed.append(row.n)
                if row.n == 30:
                    break
        assert streamed == list(range(1, min(most, 30) + 1))
        assert await connection.scalar(text("SELECT count(*) FROM number")) == 50


async def test_what_was_under_way_when_somebody_was_cancelled_is_rolled_back(tmp_path: Path) -> None:
    """The statement may be run after its asker has gone: nothing of it stays, nor its lock."""
    database = Database(f"sqlite:///{tmp_path}/cancelled.db")
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE number (n INTEGER PRIMARY KEY)"))

    async def write(n: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO number VALUES (:n)"), {"n": n})
            await asyncio.Event().wait()

    for turns in range(40):
        writing = asyncio.create_task(write(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait({writing})
    async with database.transaction() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM number")) == 0
    await database.close()
