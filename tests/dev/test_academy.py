"""The real platform in one process: what was answered is kept, what was seeded is not seeded again."""

import json
import shlex
import sqlite3
from contextlib import closing
from time import monotonic
from typing import Any

import pytest

from subgraphs.gamification.domain.achievements import ExerciseType
from subgraphs.gamification.domain.xp_calculator import calculate_for_exercise
from tests.dev.academy import ACROSS, Academy, log_in, log_in_as
from tests.dev.process import ask, plait_dev

pytestmark = pytest.mark.long

_SOONER_THAN_A_LEASE = 20.0  # seconds; what the killed worker had in hand is taken over at once


def test_one_request_crosses_three_contexts(academy: Academy) -> None:
    with academy.running() as process:
        board = ask(process.url, ACROSS)["data"]["leaderboard"]
        assert [entry["rank"] for entry in board] == [1, 2, 3]
        for entry in board:
            user = entry["user"]
            assert user["name"]
            assert user["playerStats"]["totalXp"] == entry["xp"] > 0
            assert user["learningSummary"]["completedExerciseCount"] > 0

        said = process.says("curl -s ")
        _, _, url, _, header, _, body = shlex.split(said)
        assert (url, header) == (process.url, "content-type: application/json")
        assert len(ask(url, json.loads(body)["query"])["data"]["leaderboard"]) == 3
        for role in ("student", "tutor", "staff", "admin", "super_admin"):
            assert f"  {role} " in process.output


def test_what_one_may_not_see_is_null_with_a_code(academy: Academy) -> None:
    """A tutor sees who takes the courses and classes, and not what they have paid."""
    query = """query ($id: ID!) { userById(id: $id) {
      coursesTaught { items {
        enrollments(first: 2) { nodes {
          status student { name } payment { id status amount { amountMinor } }
        } }
      } }
      classesTaught { nodes { course { title } roster(first: 2) { nodes {
        creditBalance isPaid payments { id status } class { unlockedLessons { lesson { title } } }
      } } } }
    } }"""
    with academy.running() as process:
        id_, token = log_in_as(process.url, "tutor")
        answer = ask(process.url, query, {"id": id_}, token=token)
    courses = answer["data"]["userById"]["coursesTaught"]["items"]
    taken = [one for course in courses for one in course["enrollments"]["nodes"]]
    assert taken
    assert all(one["student"]["name"] and one["payment"] is None for one in taken)
    placed = [
        one
        for found in answer["data"]["userById"]["classesTaught"]["nodes"]
        for one in found["roster"]["nodes"]
    ]
    assert placed
    assert {(one["isPaid"], one["payments"]) for one in placed} == {(None, None)}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


def test_what_a_killed_process_has_answered_earns_xp_once(academy: Academy) -> None:
    with academy.running() as process:
        student = log_in(process.url)
        before = student.xp(process.url)
        exercise_id, exercise_type = student.exercise_to_do(process.url)
        student.completes(process.url, exercise_id)
        process.process.kill()
        assert process.ends().status == -9
    expected = before + calculate_for_exercise(ExerciseType(exercise_type), 100)

    with academy.running() as process:
        assert "Seeding" not in process.output
        deadline = monotonic() + _SOONER_THAN_A_LEASE
        while (earned := student.xp(process.url)) == before:
            assert process.process.poll() is None
            assert monotonic() < deadline
        assert earned == expected
        student.completes(process.url, exercise_id)  # the second time changes nothing
        assert process.stops().status == 0
    unfinished = "SELECT status FROM kernel_delivery WHERE status NOT IN ('done', 'timed')"  # timers wait
    assert _rows(academy, unfinished) == []
    ledger = "SELECT count(*) FROM gamification_xp_transaction WHERE player_id = ? AND source_id = ?"
    assert _rows(academy, ledger, student.id, exercise_id) == [(1,)]
    total = "SELECT total_xp FROM gamification_player WHERE id = ?"
    assert _rows(academy, total, student.id) == [(expected,)]


def test_behind_a_proxy_nobody_without_a_login_asks_for_ever(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a client has written into the header itself stands further to the left, and changes nothing."""
    monkeypatch.setenv("PLAIT_TRUSTED_PROXIES", "2")  # the proxy and the gateway
    monkeypatch.setenv("PLAIT_ANONYMOUS_REQUESTS_PER_MINUTE", "1")
    query = "{ leaderboard(type: ALL_TIME, limit: 3) { rank } }"
    with academy.running() as process:
        answers = [ask(process.url, query, forwarded_for=f"192.0.2.{n}, 198.51.100.1") for n in range(5)]
        assert "errors" not in answers[0]
        codes = [one["errors"][0]["extensions"]["code"] for one in answers[1:] if "errors" in one]
        assert "RATE_LIMITED" in codes
        assert "errors" not in ask(process.url, query, forwarded_for="198.51.100.2")


def test_reset_seeds_anew(academy: Academy) -> None:
    with plait_dev(academy.root, academy.data_dir, "--reset") as process:
        process.says("Seeding the academy")
        assert process.stops().status == 130
        assert "interrupted" not in process.output


def _rows(academy: Academy, query: str, *parameters: str) -> list[Any]:
    with closing(sqlite3.connect(academy.data_dir / "platform.db")) as database:
        return database.execute(query, parameters).fetchall()
