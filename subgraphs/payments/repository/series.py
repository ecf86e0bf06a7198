"""Numbers without gaps."""

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.store.unit_of_work import UnitOfWork


async def next_place(work: UnitOfWork, series: Table) -> int:
    """The next place of this year's series. Whoever takes one keeps others waiting until the end of the
    transaction: when that is rolled back, they get this one, and there is no gap."""
    taken = insert(series).values(year=work.now.year, last_place=1)
    place: int | None = await work.connection.scalar(
        taken.on_conflict_do_update(
            index_elements=[series.c.year], set_={"last_place": series.c.last_place + 1}
        ).returning(series.c.last_place)
    )
    assert place is not None, "an upsert returns its row"
    return place
