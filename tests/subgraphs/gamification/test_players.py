"""The rules of players: streaks across time zones, quests, badges that are given, going."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.calendar import day_of
from subgraphs.gamification.domain.errors import (
    BADGE_ALREADY_UNLOCKED,
    BADGE_IS_EARNED,
    QUEST_ALREADY_COMPLETED,
    QUEST_NOT_FOUND,
    QUEST_NOT_FULFILLED,
)
from subgraphs.gamification.domain.events import BadgeUnlocked, PlayerMoved, QuestCompleted, XpEarned
from subgraphs.gamification.domain.player import PlayerProfile
from subgraphs.gamification.domain.quests import (
    QUESTS,
    Activity,
    DailyQuests,
    QuestType,
    assigned,
    quest_id,
)
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import PlayerId, Source, SourceType, XpAmount
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.testing.scenario import given

MONDAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
PLAYER = PlayerId("pip")
SOURCE = Source(SourceType.EXERCISE, "quiz")


def _player(time_zone: str = "UTC", *badges: BadgeType) -> PlayerProfile:
    return PlayerProfile(id=PLAYER, time_zone=time_zone, badges=frozenset(badges))


def test_a_day_ends_where_the_player_lives() -> None:
    """Two evenings in New York are one and a half days in UTC, and two in a row there."""
    instants = [datetime(2025, 9, 1, 23, tzinfo=UTC), datetime(2025, 9, 3, 2, tzinfo=UTC)]
    for zone, days in (("America/New_York", 2), ("UTC", 1)):
        player = _player(zone)
        for at in instants:
            player.update_streak(at)
        assert player.streak.days == days
    assert day_of(instants[1], "Nowhere/At_All") == date(2025, 9, 3)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2025, 3, 30), 23),
        ("Europe/Berlin", date(2025, 10, 26), 25),
        ("Australia/Lord_Howe", date(2025, 10, 5), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # where that day has no midnight
    ],
)
def test_a_day_is_a_day_however_many_hours_it_has(zone: str, day: date, hours: float) -> None:
    """Clocks are put forward and back: the first and the last minute of a day belong to it."""
    place = ZoneInfo(zone)
    begins, ends = (
        datetime.combine(one, time(), place).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )
    minute = timedelta(minutes=1)
    if begins.astimezone(place).date() < day:  # the hour that is left out
        begins += timedelta(hours=1)
    assert [day_of(at, zone) - day for at in (begins - minute, begins, ends - minute, ends)] == [
        timedelta(days=days) for days in (-1, 0, 0, 1)
    ]
    player = _player(zone)
    for at in (begins - minute, ends - minute, ends):
        player.update_streak(at)
    assert player.streak.days == 3


def test_who_leaves_a_date_out_on_the_way_has_not_missed_it() -> None:
    """From Samoa to Kiribati it is a day later at once."""
    player = _player("Pacific/Pago_Pago")
    at = datetime(2025, 9, 1, 12, tzinfo=UTC)  # one o'clock in Samoa, two o'clock the next day in Kiribati
    player.update_streak(at - timedelta(days=1))
    player.pull_events()
    player.move("Pacific/Kiritimati", at)
    moved = Streak(1, 1, date(2025, 9, 1))
    assert player.pull_events() == (PlayerMoved(PLAYER, "Pacific/Kiritimati", moved, at),)
    player.update_streak(at + timedelta(hours=1))
    assert player.streak == Streak(2, 2, date(2025, 9, 2))
    player.move("Pacific/Pago_Pago", at + timedelta(hours=2))
    player.update_streak(at + timedelta(hours=23))  # September 2 again
    assert player.streak == Streak(2, 2, date(2025, 9, 2))
    broken = Streak(3, 3, date(2025, 8, 1))
    assert broken.moved(date(2025, 9, 1), date(2025, 9, 2)) == broken


@for_all(
    st.lists(st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "UTC"]), max_size=8)
)
def test_who_is_active_each_day_keeps_their_streak_wherever_they_go(zones: list[str]) -> None:
    """It is the dates that they have lived."""
    player, at, dates = _player(), MONDAY, [MONDAY.date()]
    player.update_streak(at)
    for zone in zones:
        at += timedelta(days=1)
        player.move(zone, at - timedelta(hours=1))
        player.update_streak(at)
        if (today := day_of(at, zone)) > dates[-1]:
            dates.append(today)
        assert player.streak.days_as_of(today) == len(dates)


@for_all(
    st.lists(
        st.tuples(
            st.timedeltas(timedelta(0), timedelta(hours=30)),
            st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "UTC", None]),
        ),
        max_size=40,
    )
)
def test_nobody_gets_more_days_than_there_were_by_moving_to_and_fro(
    steps: list[tuple[timedelta, str | None]],
) -> None:
    player, at = _player(), MONDAY
    for gap, zone in steps:
        at += gap
        if zone is None:
            player.update_streak(at)
        else:
            before = player.streak.days_as_of(day_of(at, player.time_zone))
            player.move(zone, at)
            assert player.streak.days_as_of(day_of(at, zone)) == before
    days = (day_of(at, "Pacific/Kiritimati") - day_of(MONDAY, "Pacific/Pago_Pago")).days
    assert player.streak.longest <= days + 1
    assert player.streak.last_day is None or player.streak.last_day <= day_of(at, "Pacific/Kiritimati")


def test_a_day_does_not_begin_twice_for_who_moves_to_where_it_has_not_begun() -> None:
    player = _player("Pacific/Kiritimati")
    noon = datetime(2025, 9, 1, 12, tzinfo=UTC)  # September 2 in Kiribati
    quest = assigned(PLAYER, date(2025, 9, 2))[0]
    player.award_xp(XpAmount(60), reason="x", source=SOURCE, at=noon, activity=Activity({quest: 99}))
    player.move("Pacific/Pago_Pago", noon)
    assert player.quests_at(noon).day == date(2025, 9, 2)
    assert player.complete_quest(quest_id(date(2025, 9, 2), quest), noon) == Success(None)
    next_day = noon + timedelta(hours=47)
    assert player.quests_at(next_day).day == date(2025, 9, 3)


def test_each_day_has_three_quests_which_are_always_the_same() -> None:
    days = [date(2025, 9, 1) + timedelta(days=number) for number in range(60)]
    drawn = [assigned(PLAYER, day) for day in days]
    assert drawn == [assigned(PLAYER, day) for day in days]
    assert all(len(set(quests)) == 3 for quests in drawn)
    assert {quest for quests in drawn for quest in quests} == set(QuestType)
    assert assigned(PlayerId("pop"), days[0]) != drawn[0] or assigned(PlayerId("pop"), days[1]) != drawn[1]


def _busy(player: PlayerProfile, at: datetime = MONDAY, number: int = 0) -> PlayerProfile:
    """A player who has done everything that quests can ask for."""
    everything = Activity({quest: QUESTS[quest].goal for quest in QuestType})
    source = Source(SourceType.EXERCISE, f"source {number}")
    player.award_xp(XpAmount(10), reason="Busy", source=source, at=at, activity=everything)
    return player


def test_a_quest_is_rewarded_once_when_it_is_fulfilled() -> None:
    player = _busy(_player("UTC", BadgeType.FIRST_STEPS))
    quest = assigned(PLAYER, MONDAY.date())[0]
    id_, reward = quest_id(MONDAY.date(), quest), XpAmount(QUESTS[quest].reward)
    source = Source(SourceType.QUEST, id_)
    given(player).when(lambda one: one.complete_quest(id_, MONDAY)).then(
        QuestCompleted(PLAYER, MONDAY.date(), quest, MONDAY),
        XpEarned(PLAYER, reward, "Completed a quest", source, 10 + reward.points, MONDAY),
        BadgeUnlocked(PLAYER, BadgeType.FIRST_QUEST, MONDAY),
    )
    given(player).when(lambda one: one.complete_quest(id_, MONDAY)).then_refused(QUEST_ALREADY_COMPLETED)


def test_a_quest_ends_with_its_day() -> None:
    player = _busy(_player())
    id_ = quest_id(MONDAY.date(), assigned(PLAYER, MONDAY.date())[0])
    tomorrow = MONDAY + timedelta(days=1)
    given(player).when(lambda one: one.complete_quest(id_, tomorrow)).then_refused(QUEST_NOT_FOUND)
    given(player).when(lambda one: one.complete_quest("any", MONDAY)).then_refused(QUEST_NOT_FOUND)
    other = quest_id(tomorrow.date(), assigned(PLAYER, tomorrow.date())[0])
    given(player).when(lambda one: one.complete_quest(other, tomorrow)).then_refused(QUEST_NOT_FULFILLED)


def test_news_of_a_day_that_is_over_comes_too_late_for_its_quests() -> None:
    player = _busy(_player(), MONDAY + timedelta(days=1))
    before = player.quests
    _busy(player, MONDAY, number=1)
    assert player.quests == before


@for_all(st.lists(st.dictionaries(st.sampled_from(QuestType), st.integers(0, 5)), max_size=10))
def test_progress_never_exceeds_the_goal(activities: list[dict[QuestType, int]]) -> None:
    quests = DailyQuests.of(PLAYER, MONDAY.date())
    for counts in activities:
        quests = quests.after(Activity(counts))
    for quest, progress in quests.progress.items():
        done = sum(counts.get(quest, 0) for counts in activities)
        assert progress == min(done, QUESTS[quest].goal)
        assert quests.is_fulfilled(quest) == (done >= QUESTS[quest].goal)


def test_badges_that_no_rule_gives_are_given_by_hand_and_no_others() -> None:
    player = _player()
    given(player).when(lambda one: one.unlock_badge(BadgeType.HONORARY, MONDAY)).then(
        BadgeUnlocked(PLAYER, BadgeType.HONORARY, MONDAY)
    )
    given(player).when(lambda one: one.unlock_badge(BadgeType.HONORARY, MONDAY)).then_refused(
        BADGE_ALREADY_UNLOCKED
    )
    given(player).when(lambda one: one.unlock_badge(BadgeType.LEVEL_TEN, MONDAY)).then_refused(
        BADGE_IS_EARNED
    )


@pytest.mark.parametrize(("id_", "is_valid"), [("", False), ("x" * 36, True), ("x" * 37, False)])
def test_a_source_has_an_id(id_: str, is_valid: bool) -> None:
    assert isinstance(Source.of(SourceType.AWARD, id_), Success if is_valid else Failure)
