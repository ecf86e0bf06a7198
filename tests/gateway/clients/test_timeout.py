import asyncio

import pytest

from plait_gateway.clients import (
    Counts,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
    asking,
    by_subgraph,
    sending,
    with_timeout,
)

REQUEST = SubgraphRequest("stock", "{ a }")
ANSWER = SubgraphResponse(200, "application/json", b"{}")


async def test_a_subgraph_that_takes_too_long_is_given_up() -> None:
    async def never(_request: SubgraphRequest) -> SubgraphResponse:
        await asyncio.Event().wait()
        return ANSWER

    counts = Counts()
    with pytest.raises(SubgraphUnreachable) as caught:
        await asking(with_timeout(sending(never), 0.01, counts))(REQUEST)
    assert (caught.value.code, caught.value.subgraph) == ("SUBGRAPH_TIMEOUT", "stock")
    assert caught.value.reason == "no answer within 0.01 s"
    assert counts.timeouts == {"stock": 1}


async def test_an_answer_in_time_goes_through() -> None:
    async def at_once(_request: SubgraphRequest) -> SubgraphResponse:
        return ANSWER

    assert await asking(with_timeout(sending(at_once), 60, Counts()))(REQUEST) is ANSWER


async def test_each_request_goes_to_the_client_of_its_subgraph() -> None:
    async def stock(_request: SubgraphRequest) -> SubgraphResponse:
        return ANSWER

    async def other(_request: SubgraphRequest) -> SubgraphResponse:
        raise AssertionError

    counts = Counts()
    assert (
        await asking(by_subgraph({"other": sending(other), "stock": sending(stock)}, counts))(REQUEST)
        is ANSWER
    )
    assert counts.requests == {"stock": 1}
