"""What was given up is seen, mended, tried again or let go from the command line."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from subgraphs.kernel.platform import Platform
from tests.subgraphs.cli.operator import NOBODY, ONE_KIND, STUDENT, Operator


@pytest.fixture
def bereft(operator: Operator) -> Operator:
    """Nobody has completed three exercises: one award is dead, and two wait behind it."""
    operator.students_complete_exercises(NOBODY, NOBODY, NOBODY, STUDENT)
    return operator


def only_id(operator: Operator) -> str:
    (letter,) = operator.runs("dlq", "list", "--format", "json").json["dead_letters"]
    return str(letter["id"])


@ONE_KIND
def test_without_dead_letters_that_is_said(operator: Operator) -> None:
    assert operator.runs("dlq", "list").out == "No dead letters.\n"
    assert operator.runs("dlq", "list", "--format", "json").json == {"dead_letters": [], "next_after": None}


@ONE_KIND
def test_dead_letters_are_a_table_for_people_and_json_for_programs(bereft: Operator) -> None:
    ran = bereft.runs("dlq", "list")
    header, row = ran.out.splitlines()
    assert header.lstrip().startswith("ID  CONSUMER")
    assert header.endswith("TRIED  BLOCKS  LAST ERROR")
    assert "gamification.award_xp  learning.exercise_completed  nobody" in row
    assert "AwardRefusedError" in row
    assert "\x1b" not in ran.out
    (letter,) = bereft.runs("dlq", "list", "--format", "json").json["dead_letters"]
    assert letter["data"]["user_id"] == NOBODY
    assert (letter["attempts"], letter["blocks"]) == (1, True)
    assert bereft.runs("dlq", "list", "--consumer", "kitchen.bake").out == "No dead letters.\n"


@ONE_KIND
def test_a_number_that_no_database_knows_is_bad_usage(operator: Operator) -> None:
    too_large = str(2**63)
    for command in (("dlq", "retry"), ("dlq", "inspect"), ("dlq", "list", "--after")):
        assert operator.runs(*command, too_large).exit_code == 3


@ONE_KIND
def test_one_is_shown_with_all_that_is_known_of_it(bereft: Operator) -> None:
    shown = bereft.runs("dlq", "inspect", only_id(bereft)).out
    assert "Message      learning.exercise_completed version 1" in shown
    assert "Correlation  correlation" in shown
    assert "Holds back   2 later messages of its key" in shown
    assert '"user_id": "nobody"' in shown
    content = bereft.runs("dlq", "inspect", only_id(bereft), "--format", "json").json
    assert content["dead_letter"]["holds_back"] == 2


def test_a_mended_message_is_handled_in_its_place(bereft: Operator, tmp_path: Path) -> None:
    id_ = only_id(bereft)
    letter = bereft.runs("dlq", "inspect", id_, "--format", "json").json["dead_letter"]
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps({**letter["data"], "user_id": STUDENT}))
    ran = bereft.runs("dlq", "edit", id_, "--data", str(mended))
    assert (ran.exit_code, ran.out) == (0, f"{id_} will be handled again, with the new data.\n")
    bereft.work_goes_on()
    assert only_id(bereft) != id_  # the next one, which nobody mended


@ONE_KIND
@pytest.mark.parametrize("data", ["{", '{"user_id": 3}'])
def test_data_that_cannot_be_read_changes_nothing(bereft: Operator, data: str) -> None:
    id_ = only_id(bereft)
    ran = bereft.runs("dlq", "edit", id_, "--data", "-", "--format", "json", said=data)
    assert ran.exit_code == 1
    assert ran.json["error"]["code"] == "INVALID_MESSAGE"
    assert "[INVALID_MESSAGE]" in ran.err
    assert only_id(bereft) == id_


@ONE_KIND
def test_what_nobody_can_read_is_shown_all_the_same(bereft: Operator) -> None:
    id_ = only_id(bereft)
    unreadable = text("UPDATE kernel_delivery SET data = '{', meta = 'what?' WHERE status = 'dead'")

    async def spoil(platform: Platform) -> None:
        async with platform.database.transaction() as connection:
            await connection.execute(unreadable)

    bereft.with_platform(spoil)
    assert "unreadable" in bereft.runs("dlq", "list").out
    assert "Data        {\n" in bereft.runs("dlq", "inspect", id_).out
    letter = bereft.runs("dlq", "inspect", id_, "--format", "json").json["dead_letter"]
    assert (letter["data"], letter["meta"]) == ("{", "what?")


@ONE_KIND
def test_a_file_that_is_no_text_is_bad_usage(bereft: Operator, tmp_path: Path) -> None:
    (tmp_path / "mended.json").write_bytes(b"\xff\xfe")
    ran = bereft.runs("dlq", "edit", only_id(bereft), "--data", str(tmp_path / "mended.json"))
    assert (ran.exit_code, "not UTF-8" in ran.err) == (3, True)


@ONE_KIND
def test_an_editor_mends_as_a_file_does(bereft: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = only_id(bereft)
    monkeypatch.setenv("EDITOR", f"sed -i s/{NOBODY}/{STUDENT}/")
    assert bereft.runs("dlq", "edit", id_).exit_code == 0
    bereft.work_goes_on()
    assert only_id(bereft) != id_
    monkeypatch.setenv("EDITOR", "false")
    ran = bereft.runs("dlq", "edit", only_id(bereft))
    assert (ran.exit_code, "Editing failed" in ran.err) == (3, True)


@ONE_KIND
def test_unchanged_data_is_no_edit(bereft: Operator) -> None:
    id_ = only_id(bereft)
    letter = bereft.runs("dlq", "inspect", id_, "--format", "json").json["dead_letter"]
    ran = bereft.runs("dlq", "edit", id_, "--data", "-", said=json.dumps(letter["data"], indent=4))
    assert (ran.exit_code, "nothing was changed" in ran.err) == (3, True)


def test_messages_are_tried_again_one_by_one_or_all(bereft: Operator) -> None:
    id_ = only_id(bereft)
    assert bereft.runs("dlq", "retry", id_).out == "1 message: it will be handled again.\n"
    ran = bereft.runs("dlq", "retry", id_)
    assert (ran.exit_code, "[NOT_DEAD]" in ran.err) == (1, True)
    bereft.work_goes_on()
    ran = bereft.runs("dlq", "retry", id_, "4711")
    assert (ran.exit_code, "this id: 4711 [NOT_DEAD]" in ran.err) == (1, True)
    assert only_id(bereft) == id_
    retried = bereft.runs("dlq", "retry", "--all", "--rate", "1000", "--yes", "--format", "json")
    assert retried.json == {"retried": [int(id_)]}
    assert bereft.runs("dlq", "list").out == "No dead letters.\n"
    assert bereft.runs("dlq", "retry", "--all", "--yes").out == "None is dead.\n"


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["1", "--consumer", "a.b"]])
def test_what_to_try_again_must_be_clear(newcomer: Operator, arguments: list[str]) -> None:
    ran = newcomer.runs("dlq", "retry", *arguments)
    assert (ran.exit_code, "Give ids, or --all" in ran.err) == (3, True)


def test_a_message_is_let_go_by_who_says_why_and_is_sure(bereft: Operator) -> None:
    id_ = only_id(bereft)
    discard = ("dlq", "discard", id_)
    assert bereft.runs(*discard).exit_code == 3
    unsure = bereft.runs(*discard, "--reason", "it is nobody's")
    assert (unsure.exit_code, "say --yes" in unsure.err) == (3, True)
    assert bereft.runs(*discard, "--reason", " ", "--yes").exit_code == 1
    assert bereft.runs(*discard, "--reason", "it is nobody's", "--yes").out == f"{id_} is discarded.\n"
    assert bereft.runs("dlq", "list").out == "No dead letters.\n"
    bereft.work_goes_on()
    assert only_id(bereft) != id_
