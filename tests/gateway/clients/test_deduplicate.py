"""Equal queries in flight share an exchange, and nothing else does."""

import asyncio

import pytest
from msgspec.structs import replace

from plait_gateway.clients import (
    Ask,
    Counts,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
    asking,
    deduplicated,
    sending,
)

QUERY = SubgraphRequest("stock", "{ a }", {"x": [1]}, headers=(("authorization", "alice"),))
MUTATION = SubgraphRequest("stock", "mutation { a }", idempotent=False)


class Subgraphs:
    """Answers when it is told to, each exchange with its number."""

    def __init__(self) -> None:
        self.asked: list[SubgraphRequest] = []
        self.counts = Counts()
        self.exchanges: list[asyncio.Future[SubgraphResponse]] = []

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        self.asked.append(request)
        exchange: asyncio.Future[SubgraphResponse] = asyncio.get_running_loop().create_future()
        self.exchanges.append(exchange)
        return await exchange

    def answer_all(self) -> None:
        for number, exchange in enumerate(self.exchanges):
            if not exchange.done():
                exchange.set_result(SubgraphResponse(200, "application/json", b"%d" % number))


def once(subgraphs: Subgraphs) -> Ask:
    return asking(deduplicated(sending(subgraphs.send), subgraphs.counts))


async def _awaiting(ask: Ask, request: SubgraphRequest) -> SubgraphResponse:
    return await ask(request)


async def begin(ask: Ask, *requests: SubgraphRequest) -> list["asyncio.Task[SubgraphResponse]"]:
    """The requests under way, each at the place where it waits."""
    calls = [asyncio.create_task(_awaiting(ask, request)) for request in requests]
    for _ in range(2):  # to where it waits, and the exchange to where that does
        await asyncio.sleep(0)
    return calls


async def bodies(calls: list["asyncio.Task[SubgraphResponse]"]) -> list[bytes]:
    async with asyncio.timeout(60):
        return [(await call).body for call in calls]


async def test_equal_queries_are_sent_once() -> None:
    subgraphs = Subgraphs()
    calls = await begin(once(subgraphs), QUERY, replace(QUERY), replace(QUERY, variables={"x": [1]}))
    subgraphs.answer_all()
    assert await bodies(calls) == [b"0"] * 3
    assert subgraphs.counts.shared == {"stock": 2}
    assert [replace(request, body=None) for request in subgraphs.asked] == [QUERY]


@pytest.mark.parametrize(
    "other",
    [
        replace(QUERY, headers=(("authorization", "bob"),)),
        replace(QUERY, headers=()),
        replace(QUERY, headers=(*QUERY.headers, ("x-tenant", "1"))),
        replace(QUERY, variables={"x": [2]}),
        replace(QUERY, variables={"x": ["1"]}),
        replace(QUERY, query="{ b }"),
        replace(QUERY, operation_name="A"),
        replace(QUERY, subgraph="prices"),
        replace(QUERY, body=b'{"query":"{ a }","variables":{"x":[3]}}'),
    ],
)
async def test_any_difference_makes_another_request(other: SubgraphRequest) -> None:
    subgraphs = Subgraphs()
    calls = await begin(once(subgraphs), QUERY, other)
    subgraphs.answer_all()
    assert await bodies(calls) == [b"0", b"1"]


async def test_what_is_answered_is_asked_again() -> None:
    subgraphs = Subgraphs()
    send = once(subgraphs)
    for expected in (b"0", b"1"):
        calls = await begin(send, QUERY)
        subgraphs.answer_all()
        assert await bodies(calls) == [expected]


async def test_mutations_are_each_sent() -> None:
    subgraphs = Subgraphs()
    calls = await begin(once(subgraphs), MUTATION, MUTATION)
    subgraphs.answer_all()
    assert await bodies(calls) == [b"0", b"1"]


async def test_after_a_mutation_nobody_gets_an_answer_from_before_it() -> None:
    subgraphs = Subgraphs()
    send = once(subgraphs)
    early, mutation, joined = await begin(send, QUERY, MUTATION, QUERY)
    subgraphs.exchanges[1].set_result(SubgraphResponse(200, "application/json", b"written"))
    assert await bodies([mutation]) == [b"written"]
    late = await begin(send, QUERY, QUERY)
    subgraphs.answer_all()
    assert await bodies([early, joined, *late]) == [b"0", b"0", b"2", b"2"]
    assert len(subgraphs.asked) == 3


async def test_a_failure_is_everybodys() -> None:
    subgraphs = Subgraphs()
    calls = await begin(once(subgraphs), QUERY, QUERY)
    failure = SubgraphUnreachable("stock", "no answer within 1 s", "SUBGRAPH_TIMEOUT")
    subgraphs.exchanges[0].set_exception(failure)
    first, second = await asyncio.gather(*calls, return_exceptions=True)
    for one in (first, second):
        assert isinstance(one, SubgraphUnreachable)
        assert (one.subgraph, one.reason, one.code) == ("stock", "no answer within 1 s", "SUBGRAPH_TIMEOUT")
    assert len(subgraphs.asked) == 1


async def test_the_one_who_sent_may_leave() -> None:
    subgraphs = Subgraphs()
    leader, *followers = await begin(once(subgraphs), QUERY, QUERY, QUERY)
    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)
    subgraphs.answer_all()
    assert await bodies(followers) == [b"0", b"0"]
    assert leader.cancelled()
    assert len(subgraphs.asked) == 1


async def test_when_all_have_left_the_exchange_is_given_up() -> None:
    subgraphs = Subgraphs()
    ask = once(subgraphs)
    calls = await begin(ask, QUERY, QUERY)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    late = await begin(ask, QUERY)
    assert subgraphs.exchanges[0].cancelled()
    subgraphs.answer_all()
    assert await bodies(late) == [b"1"]


async def test_one_who_waits_may_leave_alone() -> None:
    subgraphs = Subgraphs()
    leader, leaving, staying = await begin(once(subgraphs), QUERY, QUERY, QUERY)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    subgraphs.answer_all()
    assert await bodies([leader, staying]) == [b"0", b"0"]
    assert leaving.cancelled()
