"""What is old is counted, and deleted by who is sure."""

from datetime import timedelta

from sqlalchemy import update

from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.tables import delivery, outbox
from tests.subgraphs.cli.operator import STUDENT, Operator


def test_old_messages_are_counted_and_deleted(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT, STUDENT, STUDENT)

    async def age(platform: Platform) -> None:
        long_ago = platform.clock.now() - timedelta(days=40)
        async with platform.database.transaction() as connection:
            await connection.execute(
                update(outbox).where(outbox.c.source == "learning").values(created_at=long_ago)
            )
            await connection.execute(update(delivery).values(due=long_ago))

    operator.with_platform(age)
    rows = operator.runs("prune", "--dry-run", "--format", "json").json
    assert (rows["deleted"], rows["rows"][-5]) == (
        False,
        {"what": "messages published by learning", "rows": 2},
    )
    assert operator.runs("prune").exit_code == 3  # nobody was asked
    ran = operator.runs("prune", "--yes")
    assert [line.rsplit(maxsplit=1) for line in ran.out.splitlines()] == [
        ["WHAT", "ROWS"],
        ["messages published by learning", "2"],
        ["messages handled", "2"],
    ]
    assert operator.runs("prune", "--yes").out == "There was nothing to delete.\n"
