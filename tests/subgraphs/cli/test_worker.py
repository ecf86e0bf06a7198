"""`plait worker` as a process: it handles messages, says how it is, and stops in order."""

import json
import re
import signal

import pytest

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from tests.subgraphs.cli.operator import ONE_KIND, STUDENT, Operator, completed
from tests.subgraphs.cli.process import running


def publish(operator: Operator, *users: str) -> None:
    async def act(platform: Platform) -> None:
        for number, user in enumerate(users):
            async with platform.transactions.begin("learning", RequestContext(None, "the story")) as work:
                work.publish(completed(user, number), key=user)

    operator.with_platform(act)


def backlog(operator: Operator) -> int:
    async def act(platform: Platform) -> int:
        return (await Worker(platform.transactions).backlog()).waiting

    return operator.with_platform(act)


def test_a_worker_handles_messages_says_how_it_is_and_stops_in_order(operator: Operator) -> None:
    publish(operator, STUDENT, STUDENT)
    with running(operator, "--port", "0") as worker:
        assert worker.logs("at work")["roles"] == ["api", "projector", "sequencer", "worker"]
        assert worker.logs("AwardXp", times=2)["correlation_id"] == "the story"
        assert worker.get("/livez")[0] == 200
        status, ready = worker.get("/readyz")
        assert (status, json.loads(ready)["status"]) == (200, "ok")
        metrics = worker.get("/metrics")[1]
        assert re.search(
            r'plait_command_seconds_count\{.*command="AwardXp".*outcome="done"\} [12]\.0', metrics
        )
        assert worker.get("/nobody/graphql")[0] == 404
        assert worker.get("/learning/graphql")[0] == 405
        if operator.url.startswith("sqlite"):
            second = operator.runs("worker")
            assert (second.exit_code, "[DATABASE_IN_USE]" in second.err) == (3, True)
        assert worker.stops() == 0
        assert [one["event"] for one in worker.events][-2:] == ["stopping", "stopped"]
    assert backlog(operator) == 0


@ONE_KIND
def test_a_process_does_what_its_roles_are_and_no_more(operator: Operator) -> None:
    publish(operator, STUDENT)
    with running(operator, "--roles", "sequencer", "--port", "0") as sequencer:
        assert sequencer.logs("at work")["roles"] == ["sequencer"]
        assert sequencer.get("/learning/graphql")[0] == 404
        assert sequencer.stops(signal.SIGINT) == 0
    assert backlog(operator) == 1


@ONE_KIND
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--roles", "api"), "The role api needs --port"),
        (("--roles", "cook,worker"), "cook: choose from all, api, worker, sequencer, projector"),
        (("--roles", ","), "nothing: choose from"),
        (("--contexts", "kitchen"), "kitchen: choose from identity, learning, gamification"),
        (("--port", "0", "--host", "256.1.1.1"), "[ADDRESS_UNAVAILABLE]"),
    ],
)
def test_what_cannot_be_run_is_one_clear_line(
    operator: Operator, arguments: tuple[str, ...], why: str
) -> None:
    ran = operator.runs("worker", *arguments)
    assert (ran.exit_code, why in ran.err) == (3, True), ran.err
