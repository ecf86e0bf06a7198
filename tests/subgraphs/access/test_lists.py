"""Lists cost as many statements however long they are, and nobody gets more of one than there may be."""

from typing import Final

from graphql import build_schema

from subgraphs.kernel.graphql.export import sdl
from tests.subgraphs.access.crowd import COPIES, crowd, unlock
from tests.subgraphs.access.lists import LISTS, OF_ONE_ROW, lists_of, reached
from tests.subgraphs.access.town import Town, opened
from tests.subgraphs.learning.school import selects

_NEVER_MANY: Final = {
    "Query.dailyQuests",
    "Query.badges",
    "PlayerStats.badges",
    "Query.subscriptionPlans",
    "Query.paymentHistory",
}
"""Of quests there are three a day, of badges one of each type, of plans two; a payment comes to its end."""

_ENOUGH: Final = 40
_REFUSED: Final = {"INVALID_PAGE", "INVALID_LIMIT", "INVALID_CURSOR", "OPERATION_TOO_EXPENSIVE"}
_IMPOSSIBLE: Final = {
    "first": (0, -1, 101, 10**9),
    "limit": (0, -1, 101, 10**9),
    "offset": (-1,),
    "page": (0, -1),
} | {"after": ("", "\u2665", "AAAA", "bnVsbA", "WzEuNV0", "WyJ4IiwieCIsIngiXQ", "x" * 5000)}
_PAST_THE_END: Final = {"offset": 10**9, "page": 10**7}


def test_the_table_has_every_list(town: Town) -> None:
    found = {
        coordinate
        for context in town.contexts.values()
        for coordinate in lists_of(build_schema(sdl(context.schema), assume_valid=True))
    }
    assert found - OF_ONE_ROW == LISTS.keys()


async def test_a_list_of_thirty_costs_as_many_statements_as_one_of_one(town: Town) -> None:
    unlock(town.database, town.ids)
    few = await _costs(town)
    crowd(town.database, town.ids)
    async with opened(town.database.parent, town.known) as crowded:
        many = await _costs(crowded)
    assert {one: statements for one, (_, statements) in many.items()} == {
        one: statements for one, (_, statements) in few.items()
    }
    assert [one for one, (items, _) in few.items() if items < 1] == []
    assert [one for one, (items, _) in many.items() if items < COPIES and one not in _NEVER_MANY] == []


async def test_a_part_of_a_list_that_there_cannot_be_is_refused(town: Town) -> None:
    wrong = []
    for coordinate in LISTS:
        one = reached(coordinate, town.schema)
        for name in one.sizes:
            for value in _IMPOSSIBLE[name]:
                operation = one.operation(town.ids, {name: value}, selection="__typename")
                answer = await town.ask(one.person, operation)
                codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                if not codes or not codes <= _REFUSED:
                    wrong.append((coordinate, name, value, answer))
    assert wrong == []


async def test_past_the_end_of_a_list_there_is_nothing(town: Town) -> None:
    for coordinate in LISTS:
        one = reached(coordinate, town.schema)
        for name in _PAST_THE_END.keys() & set(one.sizes):
            operation = one.operation(town.ids, {name: _PAST_THE_END[name]}, selection="__typename")
            answer = await town.ask(one.person, operation)
            assert "errors" not in answer, (coordinate, answer)
            assert one.items(answer) == [], coordinate


async def _costs(town: Town) -> dict[str, tuple[int, int]]:
    """How many items of each list are found, with everything about them, and by how many statements."""
    costs = {}
    for coordinate in LISTS:
        one = reached(coordinate, town.schema)
        size: dict[str, int] = {name: _ENOUGH for name in ("first", "limit") if name in one.sizes}
        await town.platform.cache.close()
        with selects() as statements:
            answer = await town.ask(one.person, one.operation(town.ids, size))
        costs[coordinate] = len(one.items(answer)), len(statements)
    return costs
