"""What a context writes to have its answers cached: a line for the query, a line for each event."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.answers import WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.in_process import InProcessStore
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.cache.refill import asking
from subgraphs.kernel.cache.rules import CacheRule
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.cache.store import CacheStore
from subgraphs.kernel.domain import DomainError, RandomIds
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, orchard
from tests.subgraphs.kernel.test_cache import redis_store

HOUR = timedelta(hours=1)
TREE = CacheRule("tree:{id}", HOUR)
ROW = CacheRule("trees:row:{row}", HOUR)
OF_GARDENER = CacheRule("gardener:{id}:trees", HOUR)


@pytest.fixture(params=["in process", "redis"])
async def store(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncIterator[CacheStore]:
    if request.param == "in process":
        yield InProcessStore(clock=clock)
        return
    server: TemporaryRedis = request.getfixturevalue("redis")
    store: RedisStore
    async with redis_store(server.url) as store:
        yield store


def test_a_rule_says_what_its_keys_look_like() -> None:
    assert TREE.group("oak") == "tree:oak"
    assert ROW.group("1") == "trees:row:1"
    assert OF_GARDENER.group("anna") == "gardener:anna:trees"
    assert CacheRule("user", HOUR).group("anna") == "user:anna"


def test_no_key_is_taken_for_another_rule_s() -> None:
    assert CacheRule("trees", HOUR).group("row:1") != ROW.group("1")
    assert TREE.group("a:b") != TREE.group("a%3Ab")


def test_a_rule_has_one_key() -> None:
    with pytest.raises(ValueError, match="one key"):
        CacheRule("trees:row:{row}:page:{page}", HOUR)


@dataclass(frozen=True, slots=True)
class Row(Query[list[str]]):
    row: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Tree(Query[str | None]):
    id: str


@dataclass
class Garden:
    """Its trees, and what was asked of it."""

    trees: dict[str, str] = field(default_factory=dict)
    asked: list[Query[object]] = field(default_factory=list)

    async def row(self, query: Row, _: AsyncConnection, __: RequestContext) -> list[str]:
        self.asked.append(query)
        return sorted(self.trees)[query.page * 2 : query.page * 2 + 2]

    async def tree(self, query: Tree, _: AsyncConnection, __: RequestContext) -> str | None:
        self.asked.append(query)
        if query.id == "felled":
            raise QueryError(DomainError("NOT_FOUND", "There is no such tree"))
        return self.trees.get(query.id)


async def test_all_pages_of_what_has_changed_are_forgotten_and_no_others(
    planted: str, clock: FakeClock, store: CacheStore
) -> None:
    garden = Garden({"ash": "ash", "elm": "elm", "oak": "oak"})
    rows = Cached[list[str]](ROW, list[str], store)
    errand = forgetting("cellar.rows", ApplePicked, rows, keys=lambda event: [event.name])
    async with orchard(planted, clock, errand) as place:
        queries = QueryBus(place.transactions.database)
        whole: WholeAnswer[Row, list[str]] = WholeAnswer(
            rows, key=lambda query: query.row, member=lambda query: f"page:{query.page}"
        )
        queries.register(Row, garden.row, allow=anyone, cached=whole)
        asked: list[Query[object]] = [Row("1", 0), Row("1", 1), Row("2", 0)]
        answers = [await queries.ask(one, NOBODY) for one in asked]
        assert answers == [["ash", "elm"], ["oak"], ["ash", "elm"]]
        assert [await queries.ask(one, NOBODY) for one in asked] == answers
        assert garden.asked == asked
        garden.trees["yew"] = "yew"
        await place.pick("1")
        again = [await queries.ask(one, NOBODY) for one in asked]
        assert again == [["ash", "elm"], ["oak", "yew"], ["ash", "elm"]]
        assert garden.asked[3:] == asked[:2]


async def test_what_is_written_through_is_there_before_anybody_asks(
    planted: str, clock: FakeClock, store: CacheStore
) -> None:
    garden = Garden()
    trees = Cached[str | None](TREE, str, store)
    async with orchard(planted, clock) as place:
        queries = QueryBus(place.transactions.database)
        whole: WholeAnswer[Tree, str | None] = WholeAnswer(trees, key=lambda query: query.id)
        queries.register(Tree, garden.tree, allow=anyone, cached=whole)
        refill = asking(queries, RandomIds(), Tree)
        place.transactions.subscriptions.add(
            forgetting("cellar.trees", ApplePicked, trees, keys=lambda event: [event.name], refill=refill)
        )
        assert await queries.ask(Tree("oak"), NOBODY) is None
        garden.trees["oak"] = "an oak"
        await place.pick("oak")
        asked = len(garden.asked)
        assert await queries.ask(Tree("oak"), NOBODY) == "an oak"
        assert len(garden.asked) == asked
        await place.pick("felled")  # there is nothing to be kept of it, and nobody is told


async def test_what_is_not_there_is_not_kept(planted: str, clock: FakeClock, store: CacheStore) -> None:
    """Who comes into being is seen at once, with no event to tell the cache."""
    garden = Garden()
    async with orchard(planted, clock) as place:
        queries = QueryBus(place.transactions.database)
        whole: WholeAnswer[Tree, str | None] = WholeAnswer(
            Cached(TREE, str, store), key=lambda query: query.id
        )
        queries.register(Tree, garden.tree, allow=anyone, cached=whole)
        assert await queries.ask(Tree("oak"), NOBODY) is None
        garden.trees["oak"] = "an oak"
        assert await queries.ask(Tree("oak"), NOBODY) == "an oak"
