"""Whoever has restored a database says so."""

from subgraphs.kernel.messaging.epochs import list_epochs
from subgraphs.kernel.platform import Platform
from tests.subgraphs.cli.operator import ONE_KIND, STUDENT, Operator


def test_a_restored_database_goes_on_in_a_new_epoch(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT, STUDENT)
    assert operator.runs("epoch", "list").out == "No epochs: nothing was published to another database.\n"
    assert operator.runs("epoch", "begin").exit_code == 3  # nobody was asked
    begun = operator.runs("epoch", "begin", "--yes", "--format", "json").json["begun"]
    assert {"source": "learning", "after": 2} in begun
    said = operator.runs("epoch", "begin", "--yes").out
    assert "learning goes on in a new epoch after message 2.\n" in said

    async def look(platform: Platform) -> list[tuple[str, int]]:
        async with platform.database.read() as connection:
            found = await list_epochs(connection)
            return [(one.source, one.after_seq) for one in found if one.source == "learning"]

    assert operator.with_platform(look) == [("learning", 2), ("learning", 2)]
    listed = operator.runs("epoch", "list", "--format", "json").json["epochs"]
    assert [one["after"] for one in listed if one["source"] == "learning"] == [2, 2]
    assert operator.runs("epoch", "list").out.split()[:4] == ["SOURCE", "EPOCH", "AFTER", "SINCE"]


@ONE_KIND
def test_a_database_without_a_past_has_nothing_to_part_from(operator: Operator) -> None:
    said = operator.runs("epoch", "begin", "--yes").out
    assert said == "Nothing was ever published: there is no history to part from.\n"
