"""Read models are seen, built anew and mended from the command line."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from subgraphs.gamification.projections import PLAYERS
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.store.tables import event
from tests.subgraphs.cli.operator import ONE_KIND, STUDENT, Operator
from tests.subgraphs.cli.process import running

NAME = PLAYERS.name


def generations(operator: Operator) -> list[tuple[int, str]]:
    found = operator.runs("projection", "list", "--format", "json").json["projections"]
    return [(one["generation"], one["status"]) for one in found if one["name"] == NAME]


def projected(operator: Operator) -> None:
    """As a process with the role projector does it."""

    async def act(platform: Platform) -> None:
        await Projector(platform.transactions, [PLAYERS]).drain()

    operator.with_platform(act)


@pytest.fixture
def stopped(operator: Operator) -> Operator:
    """An event that nobody can read has stopped the read model."""

    async def act(platform: Platform) -> None:
        poison = {
            "source": "gamification",
            "seq": 1,
            "stream": "gamification.player-x",
            "version": 1,
            "type": "gamification.xp_earned",
            "schema_version": 1,
            "event_id": "1",
            "data": "{}",
            "meta": "{}",
            "recorded_at": datetime(2025, 9, 1, tzinfo=UTC),
        }
        async with platform.database.transaction() as connection:
            await connection.execute(insert(event).values(poison))
        await Projector(platform.transactions, [PLAYERS]).drain()

    operator.with_platform(act)
    return operator


def test_a_read_model_is_built_anew_and_gone_back_from(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT, STUDENT)
    projected(operator)
    assert generations(operator) == [(1, "live")]
    said = operator.runs("projection", "rebuild", NAME)
    assert (said.exit_code, said.out) == (0, f"Generation 2 of {NAME} is being built.\n")
    assert generations(operator) == [(1, "live"), (2, "building")]
    again = operator.runs("projection", "rebuild", NAME, "--format", "json")
    assert (again.exit_code, again.json["error"]["code"]) == (1, "REBUILD_RUNNING")
    projected(operator)
    assert generations(operator) == [(1, "retired"), (2, "live")]
    header, *rows = operator.runs("projection", "list").out.splitlines()
    assert header.split() == ["NAME", "GEN", "VERSION", "STATUS", "SINCE", "BEHIND", "STOPPED", "BY"]
    assert [row.rstrip().rsplit(maxsplit=1)[-1] for row in rows if NAME in row] == ["nothing", "nothing"]
    rollback = ("projection", "rollback", NAME, "--reason", "levels are wrong")
    assert operator.runs(*rollback).exit_code == 3  # nobody was asked
    assert operator.runs(*rollback, "--yes").out == f"Generation 1 of {NAME} is read again.\n"
    dropped = operator.runs("projection", "drop-old", NAME, "--older-than", "0", "--yes")
    assert dropped.out == f"1 generation of {NAME} dropped.\n"
    assert generations(operator) == [(1, "live")]


def test_what_stops_a_read_model_is_seen_and_skipped(stopped: Operator) -> None:
    row = next(line for line in stopped.runs("projection", "list").out.splitlines() if NAME in line)
    assert "event:gamification 1: " in row
    tried = stopped.runs("projection", "resume", NAME)
    assert tried.out == f"{NAME} tries number 1 of event:gamification again.\n"
    refused = stopped.runs("projection", "resume", NAME)
    assert (refused.exit_code, "[NOT_STOPPED]" in refused.err) == (1, True)
    projected(stopped)
    skip = ("projection", "skip", NAME, "--reason", "an award for nobody")
    assert stopped.runs(*skip).exit_code == 3  # nobody was asked
    assert stopped.runs(*skip, "--yes", "--format", "json").json["skipped"]["seq"] == 1
    projected(stopped)
    found = stopped.runs("projection", "list", "--format", "json").json["projections"]
    (left,) = (one for one in found if one["name"] == NAME)
    assert (left["stopped"], left["events_behind"]) == (None, 0)


@ONE_KIND
def test_who_waits_is_told_when_the_new_one_is_read(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT)
    with running(operator, "--roles", "projector") as projector:
        projector.logs("at work")
        said = operator.runs("projection", "rebuild", NAME, "--wait")
        assert (said.exit_code, said.out) == (0, f"Generation 2 of {NAME} is read.\n")
    assert generations(operator) == [(1, "retired"), (2, "live")]


@ONE_KIND
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rebuild", "kitchen.menu"), "PROJECTION_UNKNOWN"),
        (("cancel", NAME, "--yes"), "NOT_BUILDING"),
        (("rollback", NAME, "--reason", "why not", "--yes"), "NOTHING_KEPT"),
        (("skip", NAME, "--reason", "why not", "--yes"), "NOT_STOPPED"),
        (("skip", NAME, "--reason", " ", "--yes"), "REASON_MISSING"),
    ],
)
def test_what_cannot_be_done_is_refused(operator: Operator, arguments: tuple[str, ...], code: str) -> None:
    ran = operator.runs("projection", *arguments, "--format", "json")
    assert (ran.exit_code, ran.json["error"]["code"]) == (1, code)
