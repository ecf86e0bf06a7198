"""A value that exists is valid."""

from typing import Any

import pytest

from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.learning.domain import progress_calculator
from subgraphs.learning.domain.values import ProgressStatus, Prose, Score, Subject, Title, parse_price


def test_texts_are_stripped() -> None:
    assert Title.parse("  Knots ") == Success(Title("Knots"))
    assert Prose.parse("\nOne.\n\nTwo.\n", field="content") == Success(Prose("One.\n\nTwo."))


def test_equal_text_is_not_an_equal_value_of_another_kind() -> None:
    title: object = Title("Knots")
    assert title != Prose("Knots")


@pytest.mark.parametrize("spelling", ["music theory", "Music  Theory", "MUSIC THEORY"])
def test_a_subject_is_the_same_however_it_is_written(spelling: str) -> None:
    assert Subject(spelling).key == Subject("Music Theory").key


@pytest.mark.parametrize(
    ("result", "code", "field"),
    [
        (Title.parse("   "), "REQUIRED", "title"),
        (Title.parse("x" * 121), "TOO_LONG", "title"),
        (Title.parse("two\nlines"), "INVALID_TEXT", "title"),
        (Title.parse("a\0b"), "INVALID_TEXT", "title"),
        (Subject.parse("a\x1bb"), "INVALID_TEXT", "subject"),
        (Prose.parse("a\0b", field="content"), "INVALID_TEXT", "content"),
        (Subject.parse(""), "REQUIRED", "subject"),
        (Prose.parse("x" * 20_001, field="content"), "TOO_LONG", "content"),
        (parse_price(-1, "EUR"), "INVALID_PRICE", "price"),
        (parse_price(100_000_001, "EUR"), "INVALID_PRICE", "price"),
        (parse_price(1, "eur"), "INVALID_CURRENCY", "price"),
        (parse_price(1, "ÄÖÜ"), "INVALID_CURRENCY", "price"),
        (parse_price(1, "EURO"), "INVALID_CURRENCY", "price"),
        (Score.of(-1), "INVALID_SCORE", "score"),
        (Score.of(101), "INVALID_SCORE", "score"),
    ],
)
def test_invalid_values_are_refused_with_the_field_at_fault(
    result: Result[Any, DomainError], code: str, field: str
) -> None:
    assert isinstance(result, Failure)
    assert (result.error.code, result.error.field) == (code, field)


def test_a_percentage_is_100_only_when_nothing_is_left() -> None:
    assert progress_calculator.percent(completed=199, total=200) == 99
    assert progress_calculator.percent(completed=200, total=200) == 100
    assert progress_calculator.percent(completed=0, total=0) == 0


def test_a_course_that_grows_is_in_progress_again() -> None:
    assert progress_calculator.status(completed=5, total=5) is ProgressStatus.COMPLETED
    assert progress_calculator.status(completed=5, total=6) is ProgressStatus.IN_PROGRESS


def test_average_scores_are_rounded_half_up() -> None:
    assert progress_calculator.average_score(score_total=181, completed_exercises=2) == 91
    assert progress_calculator.average_score(score_total=0, completed_exercises=0) is None
