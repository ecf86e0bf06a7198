"""The rules of playing."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from subgraphs.gamification.domain.achievements import Difficulty, ExerciseType
from subgraphs.gamification.domain.badge_evaluator import BadgeType, Standing, newly_earned
from subgraphs.gamification.domain.events import BadgeUnlocked, LevelUp, StreakUpdated, XpEarned
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.period import LeaderboardType, Period
from subgraphs.gamification.domain.player import PlayerProfile
from subgraphs.gamification.domain.streak import Streak, Streaks
from subgraphs.gamification.domain.values import PlayerId, Source, SourceType, XpAmount
from subgraphs.gamification.domain.xp_calculator import (
    available_in_course,
    calculate_for_exercise,
    calculate_for_lesson,
)
from subgraphs.kernel.domain import Failure, Success

MONDAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
PLAYER = PlayerId("pip")
SOURCE = Source(SourceType.EXERCISE, "quiz")


def test_the_first_award_brings_a_streak_and_a_badge() -> None:
    player = PlayerProfile(id=PLAYER)
    player.award_xp(XpAmount(20), reason="Completed quiz exercise", source=SOURCE, at=MONDAY)
    assert player.pull_events() == (
        XpEarned(PLAYER, XpAmount(20), "Completed quiz exercise", SOURCE, 20, MONDAY),
        StreakUpdated(PLAYER, Streak(1, 1, MONDAY.date()), MONDAY),
        BadgeUnlocked(PLAYER, BadgeType.FIRST_STEPS, MONDAY),
    )


def test_an_award_that_reaches_a_threshold_raises_the_level_once() -> None:
    player = PlayerProfile(
        id=PLAYER,
        total_xp=40,
        streak=Streak(1, 1, MONDAY.date()),
        badges=frozenset({BadgeType.FIRST_STEPS}),
    )
    player.award_xp(XpAmount(200), reason="A lot", source=SOURCE, at=MONDAY)
    assert player.pull_events() == (
        XpEarned(PLAYER, XpAmount(200), "A lot", SOURCE, 240, MONDAY),
        LevelUp(PLAYER, 3, MONDAY),
    )


@pytest.mark.parametrize(("points", "valid"), [(0, False), (1, True), (10_000, True), (10_001, False)])
def test_an_award_is_some_and_not_absurdly_much(points: int, valid: bool) -> None:
    assert isinstance(XpAmount.of(points), Success if valid else Failure)


@pytest.mark.parametrize(
    ("exercise_type", "score", "xp"),
    [
        (ExerciseType.READING, 100, 10),
        (ExerciseType.QUIZ, 80, 16),
        (ExerciseType.PRACTICE, 75, 23),  # 22.5
        (ExerciseType.CODING, 100, 50),
        (ExerciseType.CODING, 0, 1),
    ],
)
def test_exercises_pay_by_type_and_score(exercise_type: ExerciseType, score: int, xp: int) -> None:
    assert calculate_for_exercise(exercise_type, score) == xp


def test_lessons_pay_by_difficulty() -> None:
    assert [calculate_for_lesson(difficulty) for difficulty in Difficulty] == [20, 35, 50]


def test_a_course_is_worth_its_exercises_and_lessons() -> None:
    counts = {ExerciseType.CODING: 2, ExerciseType.READING: 1}
    assert available_in_course(Difficulty.ADVANCED, lesson_count=3, exercise_counts=counts) == 260
    assert available_in_course(Difficulty.BEGINNER, lesson_count=0, exercise_counts={}) == 0


@pytest.mark.parametrize(
    ("xp", "level"), [(0, 1), (49, 1), (50, 2), (149, 2), (150, 3), (2249, 9), (2250, 10)]
)
def test_each_level_takes_fifty_points_more_than_the_one_before(xp: int, level: int) -> None:
    assert level_for(xp).number == level


@for_all(st.integers(min_value=0, max_value=10**30))
def test_a_player_stands_within_the_level(xp: int) -> None:
    level = level_for(xp)
    assert level.starts_at <= xp < level.next_at
    assert level.next_at - level.starts_at == 50 * level.number


def test_a_streak_grows_by_days_in_a_row_and_begins_anew_after_a_gap() -> None:
    monday = MONDAY.date()
    streak = Streak()
    for day in (monday, monday, monday + timedelta(days=1)):
        streak = streak.active_on(day)
    assert streak == Streak(2, 2, monday + timedelta(days=1))
    streak = streak.active_on(monday + timedelta(days=3))
    assert streak == Streak(1, 2, monday + timedelta(days=3))


def test_late_news_does_not_break_a_streak() -> None:
    streak = Streak(3, 3, date(2025, 9, 3))
    assert streak.active_on(date(2025, 9, 1)) == streak


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_days_in_a_row_are_a_streak_in_whatever_order_they_are_told(order: tuple[int, ...]) -> None:
    streaks = Streaks()
    for days in order:
        streaks = streaks.active_on(date(2025, 9, 1 + days))
    assert streaks.current == Streak(4, 4, date(2025, 9, 4))


def test_a_day_that_is_told_late_joins_the_streaks_around_it() -> None:
    streaks = Streaks(Streak(2, 5, date(2025, 9, 12)), Streak(4, 4, date(2025, 9, 9)))
    assert streaks.active_on(date(2025, 9, 10)) == Streaks(Streak(7, 7, date(2025, 9, 12)))
    assert streaks.active_on(date(2025, 9, 8)) == streaks
    anew = streaks.active_on(date(2025, 9, 20))
    assert (anew.current.days, anew.before) == (1, streaks.current)


def test_a_streak_is_shown_until_a_whole_day_has_passed() -> None:
    streak = Streak(3, 5, date(2025, 9, 3))
    shown = [streak.days_as_of(date(2025, 9, day)) for day in (3, 4, 5)]
    assert shown == [3, 3, 0]
    assert Streak().days_as_of(date(2025, 9, 3)) == 0


def test_badges_are_given_once() -> None:
    standing = Standing(total_xp=1_000, level=6, streak=Streak(1, 3, date(2025, 9, 3)), quests_completed=1)
    earned = newly_earned(standing, owned=frozenset({BadgeType.FIRST_STEPS}))
    assert earned == (
        BadgeType.THOUSAND_POINTS,
        BadgeType.LEVEL_FIVE,
        BadgeType.THREE_DAY_STREAK,
        BadgeType.FIRST_QUEST,
    )
    assert newly_earned(standing, owned=frozenset(BadgeType)) == ()


@pytest.mark.parametrize(
    ("day", "leaderboard", "starts_on"),
    [
        (date(2025, 9, 7), LeaderboardType.WEEKLY, date(2025, 9, 1)),  # Sunday belongs to Monday's week
        (date(2025, 9, 8), LeaderboardType.WEEKLY, date(2025, 9, 8)),
        (date(2026, 1, 1), LeaderboardType.WEEKLY, date(2025, 12, 29)),  # weeks cross years
        (date(2025, 9, 30), LeaderboardType.MONTHLY, date(2025, 9, 1)),
        (date(2025, 9, 30), LeaderboardType.ALL_TIME, date.min),
    ],
)
def test_periods_are_iso_weeks_and_calendar_months(
    day: date, leaderboard: LeaderboardType, starts_on: date
) -> None:
    assert Period.containing(day, leaderboard) == Period(leaderboard, starts_on)


@for_all(st.dates(date(1, 1, 8), date(9999, 12, 24)))
def test_each_day_belongs_to_one_week_which_has_seven(day: date) -> None:
    """Across the ends of years, of which some have 53 weeks."""
    begins = Period.containing(day, LeaderboardType.WEEKLY).starts_on
    week = [begins + timedelta(days=number) for number in range(7)]
    assert day in week
    assert {one.isocalendar()[:2] for one in week} == {day.isocalendar()[:2]}
    assert {Period.containing(one, LeaderboardType.WEEKLY).starts_on for one in week} == {begins}
