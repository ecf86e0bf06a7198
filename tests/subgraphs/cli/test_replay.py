"""A part of the past is delivered to one consumer again."""

import pytest

from tests.subgraphs.cli.operator import ONE_KIND, STUDENT, Operator

CONSUMER = "gamification.award_xp"


def test_what_is_known_is_known_and_what_is_fresh_is_done_again(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT, STUDENT)
    again = operator.runs("replay", "learning", "--to", CONSUMER, "--format", "json").json
    assert again["replayed"] == {"seq": 2, "selected": 2, "delivered": 0, "known": 2}
    fresh = ("replay", "learning", "--to", CONSUMER, "--from-seq", "2", "--fresh")
    assert operator.runs(*fresh).exit_code == 3  # nobody was asked
    said = f"1 message of 1 delivered again to {CONSUMER}; 0 known there already.\n"
    assert operator.runs(*fresh, "--yes").out == said
    operator.work_goes_on()
    assert operator.runs("dlq", "list").out == "No dead letters.\n"


@ONE_KIND
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("learning", "--to", "kitchen.bake"), "UNKNOWN_CONSUMER"),
        (("kitchen", "--to", CONSUMER), "NOTHING_KEPT"),
        (("learning", "--to", CONSUMER, "--type", "learning.course_published"), "NOT_SUBSCRIBED"),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    operator: Operator, arguments: tuple[str, ...], code: str
) -> None:
    ran = operator.runs("replay", *arguments, "--format", "json")
    assert (ran.exit_code, ran.json["error"]["code"]) == (1, code)


@ONE_KIND
def test_a_time_is_a_day_or_an_instant(operator: Operator) -> None:
    operator.students_complete_exercises(STUDENT)
    for option, selected in ((("--since", "2020-01-01"), 1), (("--until", "2020-01-01T12:00:00"), 0)):
        ran = operator.runs("replay", "learning", "--to", CONSUMER, *option, "--format", "json")
        assert ran.json["replayed"]["selected"] == selected
    assert operator.runs("replay", "learning", "--to", CONSUMER, "--since", "soon").exit_code == 3
