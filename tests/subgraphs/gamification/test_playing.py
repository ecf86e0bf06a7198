"""What players do elsewhere, and what comes of it: awards by request, streaks, quests, leaderboards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts import gamification as contract
from subgraphs.contracts.classes import AttendanceMarked, AttendanceStatus
from subgraphs.contracts.identity import Role, UserDeleted, UserSettingsUpdated
from subgraphs.contracts.learning import Difficulty, ExerciseCompleted, ExerciseType, LessonCompleted
from subgraphs.gamification import app, tables
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.quests import QUESTS, QuestType, assigned
from subgraphs.gamification.domain.values import PlayerId
from subgraphs.gamification.queries.leaderboards import Leaderboard
from subgraphs.gamification.queries.quests import DailyQuests
from subgraphs.gamification.tables import person as person_table
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.learning.school import School, selects
from tests.subgraphs.people import client, introduce, person

ADA, BOB = person(1, Role.STUDENT), person(2, Role.STUDENT)
STAFF = person(3, Role.STAFF)
QUESTS_OF_TODAY = "{ dailyQuests { id type goal progress reward isFulfilled isCompleted day } }"
COMPLETE = """
    mutation ($id: ID!) { completeQuest(input: {questId: $id}) {
        version quest { isCompleted } errors { code field }
    } }
"""
BOARD = "query ($limit: Int! = 100, $v: String) { leaderboard(limit: $limit, minVersion: $v) { xp } }"


class Arcade:
    """Gamification, told by hand what players do."""

    def __init__(self, platform: Platform, clock: FakeClock, gamification: BoundedContext) -> None:
        self.platform, self.clock, self.gamification = platform, clock, gamification

    async def publish(self, event: IntegrationEvent, *, key: str) -> None:
        source = event.type.partition(".")[0]
        async with self.platform.transactions.begin(source, RequestContext(None, "by hand")) as work:
            work.publish(event, key=key)

    async def exercise(self, id_: str, *, type_: ExerciseType = ExerciseType.QUIZ, score: int = 100) -> None:
        at = self.clock.now()
        await self.publish(ExerciseCompleted(ADA.id, "c", "l", id_, type_, score, at), key=ADA.id)

    async def lesson(self, id_: str) -> None:
        at = self.clock.now()
        await self.publish(LessonCompleted(ADA.id, "c", id_, Difficulty.BEGINNER, at), key=ADA.id)

    async def award(self, amount: int, source_id: str, *, reply_to: ReplyTo | None = None) -> None:
        asked = contract.AwardXp(ADA.id, amount, "Because", source_id, self.clock.now())
        async with self.platform.transactions.begin("learning", RequestContext(None, "by hand")) as work:
            work.send(asked, to="gamification.award", key=ADA.id, reply_to=reply_to)

    async def deliver(self) -> Backlog:
        left = await Worker(self.platform.transactions).drain()
        while await Sequencer(self.platform.transactions).step():
            pass
        await Projector(self.platform.transactions, self.gamification.projections).drain()
        return left

    def ask(self, actor: Any = None) -> GraphQLClient:
        return client(self.platform, self.gamification, actor)

    async def stats(self) -> dict[str, Any]:
        query = """query ($id: ID!) { playerStats(userId: $id) {
            totalXp currentStreak longestStreak rank badges { type }
            recentXp { amount source { __typename ... on Quest { id } ... on Award { id } } } } }"""
        stats: dict[str, Any] = (await self.ask().data(query, id=ADA.id))["playerStats"]
        return stats


@asynccontextmanager
async def _open(folder: Path, database_url: str | None = None) -> AsyncIterator[Arcade]:
    clock = FakeClock()
    platform = Platform.open(Settings(folder, database_url=database_url), clock=clock, contracts=CONTRACTS)
    try:
        gamification = app.build(platform)
        platform.add(gamification)
        await migrate(platform.database, [gamification])
        await introduce(platform, (person_table,), ADA)
        yield Arcade(platform, clock, gamification)
    finally:
        await platform.close()


@pytest.fixture
async def arcade(tmp_path: Path) -> AsyncIterator[Arcade]:
    async with _open(tmp_path) as arcade:
        yield arcade


async def test_whoever_asks_for_an_award_is_answered_the_same_however_often(
    store: str, tmp_path: Path
) -> None:
    """Rule: one XP award per (user, source), by whatever way the source is told."""
    async with _open(tmp_path, store) as arcade:
        answers: list[contract.XpAwarded] = []

        async def hear(envelope: Envelope[contract.XpAwarded], _: UnitOfWork) -> None:
            answers.append(envelope.body)

        arcade.platform.subscriptions.add(Subscription("learning.saga", contract.XpAwarded, hear))
        waiting = ReplyTo("learning.saga", "key")
        await arcade.lesson("lesson")  # worth 20
        await arcade.deliver()
        for source, amount in (("lesson", 500), ("bonus", 30), ("bonus", 40)):
            await arcade.award(amount, source, reply_to=waiting)
        assert await arcade.deliver() == Backlog(0, 0, 0)
        assert [(one.source_id, one.amount, one.total_xp) for one in answers] == [
            ("lesson", 20, 20),
            ("bonus", 30, 50),
            ("bonus", 30, 50),
        ]
        stats = await arcade.stats()
        assert stats["totalXp"] == 50
        assert [one["source"]["__typename"] for one in stats["recentXp"]].count("Award") == 1


async def test_who_comes_to_class_keeps_their_streak(arcade: Arcade) -> None:
    moved = UserSettingsUpdated(ADA.id, "Pacific/Auckland", arcade.clock.now())
    await arcade.publish(moved, key=ADA.id)
    for day, status in enumerate(
        (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT, AttendanceStatus.PRESENT)
    ):
        held = arcade.clock.now() + timedelta(days=day)
        marked = AttendanceMarked("class", ADA.id, day + 1, status, held, held)
        await arcade.publish(marked, key="class")
        await arcade.publish(marked, key="class")
    assert await arcade.deliver() == Backlog(0, 0, 0)
    arcade.clock.advance(timedelta(days=3))
    stats = await arcade.stats()
    assert (stats["currentStreak"], stats["longestStreak"], stats["totalXp"]) == (1, 2, 0)
    arcade.clock.advance(timedelta(days=1, hours=3, minutes=59))  # 23:59 of the next day in New Zealand
    assert (await arcade.stats())["currentStreak"] == 1
    arcade.clock.advance(timedelta(minutes=1))
    assert (await arcade.stats())["currentStreak"] == 0


async def test_a_class_that_is_marked_the_day_after_counts_for_the_day_it_was_held(arcade: Arcade) -> None:
    held = arcade.clock.now()
    arcade.clock.advance(timedelta(days=1))
    await arcade.exercise("quiz")
    await arcade.deliver()
    marked = AttendanceMarked("class", ADA.id, 1, AttendanceStatus.PRESENT, held, arcade.clock.now())
    await arcade.publish(marked, key="class")
    await arcade.deliver()
    assert (await arcade.stats())["currentStreak"] == 2


async def test_quests_are_fulfilled_by_learning_and_rewarded(arcade: Arcade) -> None:
    before = (await arcade.ask(ADA).data(QUESTS_OF_TODAY))["dailyQuests"]
    today = assigned(PlayerId(ADA.id), arcade.clock.now().date())
    assert [(one["type"], one["progress"]) for one in before] == [(quest, 0) for quest in today]
    for number in range(3):
        await arcade.exercise(f"quiz {number}")
    await arcade.exercise("coding", type_=ExerciseType.CODING)
    await arcade.lesson("lesson")
    await arcade.deliver()
    quests = (await arcade.ask(ADA).data(QUESTS_OF_TODAY))["dailyQuests"]
    assert all(one["isFulfilled"] and not one["isCompleted"] for one in quests)
    xp = (await arcade.stats())["totalXp"]
    arcade.clock.advance(timedelta(minutes=1))
    for quest in quests:
        done = (await arcade.ask(ADA).data(COMPLETE, id=quest["id"]))["completeQuest"]
        assert (done["quest"], done["errors"]) == ({"isCompleted": True}, [])
    again = (await arcade.ask(ADA).data(COMPLETE, id=quests[0]["id"]))["completeQuest"]
    assert again["errors"] == [{"code": "QUEST_ALREADY_COMPLETED", "field": "questId"}]
    await arcade.deliver()
    stats = await arcade.stats()
    assert stats["totalXp"] == xp + sum(QUESTS[quest].reward for quest in today)
    assert {"type": "FIRST_QUEST"} in stats["badges"]
    sources = [one["source"] for one in stats["recentXp"][:3]]
    assert {one["id"] for one in sources if one["__typename"] == "Quest"} == {one["id"] for one in quests}
    arcade.clock.advance(timedelta(days=1))
    assert all(one["progress"] == 0 for one in (await arcade.ask(ADA).data(QUESTS_OF_TODAY))["dailyQuests"])
    the_day_before = DailyQuests(arcade.clock.now().date() - timedelta(days=1))
    ended = await arcade.gamification.queries.ask(the_day_before, RequestContext(ADA, "by hand"))
    assert [(one.id, one.is_completed) for one in ended] == [(one["id"], True) for one in quests]
    late = (await arcade.ask(ADA).data(COMPLETE, id=quests[0]["id"]))["completeQuest"]
    assert late["errors"] == [{"code": "QUEST_NOT_FOUND", "field": "questId"}]


async def test_the_same_exercise_again_is_no_progress(arcade: Arcade) -> None:
    for _ in range(3):
        await arcade.exercise("quiz")
    await arcade.deliver()
    async with arcade.platform.database.read() as connection:
        rows = await connection.execute(select(tables.quest_progress))
        progress = {row.quest: row.progress for row in rows}
    assert progress.get(QuestType.COMPLETE_EXERCISES, 1) == 1
    assert progress.get(QuestType.EARN_XP, 20) == 20


async def test_a_leaderboard_is_cached_by_its_limit_for_five_minutes(arcade: Arcade) -> None:
    """Requirement: section 22, leaderboard; section 25, 8 (defect 8): the seeds' key ignores the limit."""
    for number, actor in enumerate((ADA, BOB)):
        at = arcade.clock.now()
        event = ExerciseCompleted(actor.id, "c", "l", f"e{number}", ExerciseType.CODING, 100 - number, at)
        await arcade.publish(event, key=actor.id)
    await arcade.deliver()

    async def board(limit: int) -> list[int]:
        found = await arcade.ask().data(BOARD, limit=limit)
        return [one["xp"] for one in found["leaderboard"]]

    assert (await board(1), await board(2), await board(1)) == ([50], [50, 50], [50])
    with selects() as counted:
        assert (await board(2), len(counted)) == ([50, 50], 0)
    await arcade.exercise("another")
    await arcade.deliver()
    assert await board(2) == [50, 50]
    arcade.clock.advance(timedelta(minutes=5, seconds=1))
    assert (await board(1), await board(2)) == ([70], [70, 50])


async def test_a_new_week_is_a_new_leaderboard_at_once(arcade: Arcade) -> None:
    await arcade.exercise("quiz")
    await arcade.deliver()
    arcade.clock.advance(timedelta(days=6, hours=15, minutes=59))  # a minute before midnight on Sunday
    assert len((await arcade.ask().data(BOARD))["leaderboard"]) == 1
    arcade.clock.advance(timedelta(minutes=1))
    assert (await arcade.ask().data(BOARD))["leaderboard"] == []


async def test_who_has_just_earned_something_sees_it_on_the_leaderboard(arcade: Arcade) -> None:
    for number in range(3):
        await arcade.exercise(f"quiz {number}")
    await arcade.exercise("coding", type_=ExerciseType.CODING)
    await arcade.lesson("lesson")
    await arcade.deliver()
    assert (await arcade.ask().data(BOARD))["leaderboard"] == [{"xp": 130}]
    [quest, *_] = (await arcade.ask(ADA).data(QUESTS_OF_TODAY))["dailyQuests"]
    done = (await arcade.ask(ADA).data(COMPLETE, id=quest["id"]))["completeQuest"]
    await arcade.deliver()
    assert (await arcade.ask().data(BOARD))["leaderboard"] == [{"xp": 130}]  # as of five minutes ago
    fresh = await arcade.ask().data(BOARD, v=done["version"])
    assert fresh["leaderboard"] == [{"xp": 130 + quest["reward"]}]


async def test_who_is_deleted_leaves_the_leaderboards(arcade: Arcade) -> None:
    await arcade.exercise("quiz")
    await arcade.publish(UserDeleted(ADA.id, arcade.clock.now()), key=ADA.id)
    await arcade.deliver()
    await arcade.exercise("late news")
    await arcade.publish(
        AttendanceMarked(
            "class", ADA.id, 1, AttendanceStatus.PRESENT, arcade.clock.now(), arcade.clock.now()
        ),
        key="class",
    )
    assert await arcade.deliver() == Backlog(0, 0, 0)
    everybody = Leaderboard(LeaderboardType.ALL_TIME, 100)
    assert await arcade.gamification.queries.ask(everybody, RequestContext(None, "by hand")) == ()
    assert (await arcade.stats())["totalXp"] == 0


async def test_the_staff_gives_honours_and_nobody_else(arcade: Arcade) -> None:
    unlock = """mutation ($id: ID!, $badge: BadgeType!) { unlockBadge(input: {userId: $id, badge: $badge}) {
        version playerProfile { id user { id } } errors { code } } }"""
    for actor, badge, code in (
        (None, "HONORARY", "UNAUTHENTICATED"),
        (ADA, "HONORARY", "FORBIDDEN"),
        (STAFF, "LEVEL_TEN", "BADGE_IS_EARNED"),
    ):
        refused = (await arcade.ask(actor).data(unlock, id=ADA.id, badge=badge))["unlockBadge"]
        assert refused["errors"] == [{"code": code}]
    given = (await arcade.ask(STAFF).data(unlock, id=ADA.id, badge="HONORARY"))["unlockBadge"]
    assert given["playerProfile"] == {"id": ADA.id, "user": {"id": ADA.id}}
    await arcade.deliver()
    assert (await arcade.ask().data("query ($id: ID!) { badges(userId: $id) { type } }", id=ADA.id))[
        "badges"
    ] == [{"type": "HONORARY"}]


async def test_quests_are_those_of_the_one_who_asks(arcade: Arcade) -> None:
    answer = await arcade.ask().execute(QUESTS_OF_TODAY)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    refused = (await arcade.ask().data(COMPLETE, id="x"))["completeQuest"]
    assert refused["errors"] == [{"code": "UNAUTHENTICATED", "field": None}]


async def test_a_player_is_an_entity(school: School) -> None:
    entities = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on PlayerProfile { user { id } stats { totalXp } } ... on User { playerProfile { id } } } }"""
    keys = [{"__typename": "PlayerProfile", "id": ADA.id}, {"__typename": "User", "id": ADA.id}]
    assert (await school.ask_gamification().data(entities, r=keys))["_entities"] == [
        {"user": {"id": ADA.id}, "stats": {"totalXp": 0}},
        {"playerProfile": {"id": ADA.id}},
    ]
