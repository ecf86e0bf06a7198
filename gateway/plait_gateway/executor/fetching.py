"""A fetch of root fields: ask a subgraph, judge its answer, merge it into the response tree."""

from collections.abc import Sequence

from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse
from plait_gateway.executor.answer import Answer, Failure, SubgraphError
from plait_gateway.executor.request import Request, read_outcome
from plait_gateway.executor.response_tree import Null, Place
from plait_gateway.executor.taking import Taking, explained
from plait_gateway.query_plan import Fetch


async def run_fetch(fetch: Fetch, places: Sequence[Place], request: Request) -> None:
    """Ask for what a fetch brings to the places, and merge it there; for some variables that is nothing."""
    taking = Taking.of(fetch, request)
    if not taking.shape.fields or not places:
        return
    response = await request.ask(
        SubgraphRequest(
            fetch.subgraph,
            fetch.operation,
            request.given(fetch.variables),
            headers=request.headers,
            idempotent=fetch.kind != "mutation",
        )
    )
    await request.work(_take, taking, response, places)


def _take(taking: Taking, response: SubgraphResponse | Failure, places: Sequence[Place]) -> None:
    match read_outcome(response):
        case Failure() as failure:
            taking.fail(failure, places)
        case Answer(data, errors):
            for error in errors:
                _report(taking, error, places, has_data=data is not None)
            if data is None:
                taking.leave_null(places, Null.ERRORED)
                return
            for place in places:
                taking.merge(data, place, at=(), explained=explained(errors), typename=taking.type_of(place))


def _report(taking: Taking, error: SubgraphError, places: Sequence[Place], *, has_data: bool) -> None:
    if error.path is None or error.path[0] not in taking.shape.fields:
        taking.report_everywhere(error, places, has_data=has_data)
        return
    for place in places:
        taking.report(error, taking.path(place, error.path))
