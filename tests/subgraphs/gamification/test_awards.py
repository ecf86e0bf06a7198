"""From learning's events to XP: once each, in one transaction with the delivery, right for each period."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select

from subgraphs.gamification import tables
from subgraphs.gamification.commands import AwardXp
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.queries.leaderboards import EntryView, Leaderboard
from subgraphs.gamification.queries.players import PlayerStats, PlayerView
from subgraphs.gamification.subscriptions import AWARD_XP
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.projections import live_tables
from subgraphs.kernel.store.tables import delivery, outbox
from subgraphs.learning.commands.studying import CompleteExercise
from subgraphs.learning.domain.values import Difficulty
from tests.subgraphs.learning.school import OTHER_STUDENT, STAFF, STUDENT, MadeCourse, School
from tests.subgraphs.people import done, refused

NOBODY = RequestContext(None, "by hand")
ALL_OF_THE_COURSE = 10 + 20 + 50 + 2 * 20  # reading, quiz and coding with full marks, two beginners' lessons


async def _complete(
    school: School, course: MadeCourse, *, score: int = 100, student: object = STUDENT
) -> None:
    actor = STUDENT if student is STUDENT else OTHER_STUDENT
    for exercise_id in course.exercise_ids:
        done(await school.by(actor, CompleteExercise(exercise_id, score)))


async def _player(school: School) -> PlayerView:
    found = await school.gamification.queries.ask(PlayerStats((STUDENT.id,)), NOBODY)
    return found.get(STUDENT.id, PlayerView())


async def _leaderboard(school: School, leaderboard: LeaderboardType, limit: int = 100) -> list[EntryView]:
    return list(await school.gamification.queries.ask(Leaderboard(leaderboard, limit), NOBODY))


async def _types_published(school: School) -> list[str]:
    async with school.platform.database.read() as connection:
        types = select(outbox.c.type).where(outbox.c.source == "gamification").order_by(outbox.c.pos)
        return list(await connection.scalars(types))


async def test_completed_exercises_and_lessons_earn_xp(school: School) -> None:
    await _complete(school, await school.course())
    assert await _player(school) == PlayerView()  # nothing before the events are delivered
    await school.deliver()
    assert await _player(school) == PlayerView(ALL_OF_THE_COURSE, 1, 1)


async def test_the_score_counts(school: School) -> None:
    course = await school.course(difficulty=Difficulty.ADVANCED)
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[2], 50)))
    await school.deliver()
    assert (await _player(school)).total_xp == 25 + 50


async def test_completing_twice_awards_once(school: School) -> None:
    course = await school.course()
    await _complete(school, course)
    await school.deliver()
    await _complete(school, course)
    await school.deliver()
    assert (await _player(school)).total_xp == ALL_OF_THE_COURSE


async def test_an_event_delivered_five_times_awards_once(school: School) -> None:
    course = await school.course()
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 100)))
    for _ in range(5):
        await school.deliver()
        async with school.platform.database.transaction() as connection:
            # The inbox forgets: only the ledger still knows.
            of_award = delivery.c.consumer == AWARD_XP
            row = (await connection.execute(select(delivery).where(of_award))).one()._asdict()
            await connection.execute(delete(delivery).where(of_award))
            await connection.execute(insert(delivery).values({**row, "status": "ready"}))
    await school.deliver()
    assert (await _player(school)).total_xp == 10
    async with school.platform.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.xp_transaction)) == 1
    assert [entry.xp for entry in await _leaderboard(school, LeaderboardType.WEEKLY)] == [10]


async def test_other_contexts_hear_of_xp_levels_and_badges(school: School) -> None:
    course = await school.course()
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[2], 100)))
    await school.deliver()
    assert await _types_published(school) == [
        "gamification.xp_earned",  # 50 for the exercise
        "gamification.level_up",
        "gamification.streak_updated",
        "gamification.badge_unlocked",
        "gamification.xp_earned",  # 20 for the lesson
    ]


async def test_nobody_awards_xp_to_themselves(school: School) -> None:
    at = school.clock.now()
    award = AwardXp(STUDENT.id, 10_000, "Because", SourceType.EXERCISE, "x", at)
    for actor, code in ((None, "UNAUTHENTICATED"), (STUDENT, "FORBIDDEN"), (STAFF, "FORBIDDEN")):
        result = await school.gamification.commands.execute(award, RequestContext(actor, "by hand"))
        assert refused(result)[0] == code


@pytest.mark.parametrize(
    ("user_id", "amount", "refusal"),
    [("nobody", 10, ("INVALID_ID", "userId")), (STUDENT.id, 0, ("INVALID_XP_AMOUNT", "amount"))],
)
async def test_awards_that_make_no_sense_are_refused(
    school: School, user_id: str, amount: int, refusal: tuple[str, str]
) -> None:
    award = AwardXp(user_id, amount, "Because", SourceType.EXERCISE, "x", school.clock.now())
    system = RequestContext.of_system(school.platform.ids)
    assert refused(await school.gamification.commands.execute(award, system)) == refusal


async def test_xp_counts_for_the_week_and_the_month_in_which_it_was_earned(school: School) -> None:
    # The clock stands on Monday, 1 September 2025.
    courses = [await school.course(f"Course {number}") for number in range(3)]

    async def boards() -> list[list[int]]:
        return [[entry.xp for entry in await _leaderboard(school, each)] for each in LeaderboardType]

    async def complete_one(course: MadeCourse) -> None:
        done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[1], 100)))

    await complete_one(courses[0])
    await school.deliver()
    assert await boards() == [[20], [20], [20]]
    school.clock.advance(timedelta(days=7))
    await complete_one(courses[1])  # on 8 September, but nobody hears of it before October
    assert await boards() == [[], [20], [20]]
    school.clock.advance(timedelta(days=23))
    await complete_one(courses[2])
    await school.deliver()
    assert await boards() == [[20], [20], [60]]
    async with school.platform.database.read() as connection:
        board = (await live_tables(connection, PLAYERS))[tables.leaderboard]
        weeks = await connection.execute(
            select(board.c.period_starts_on, board.c.xp)
            .where(board.c.type == "WEEKLY")
            .order_by(board.c.period_starts_on)
        )
        assert [(str(day), xp) for day, xp in weeks] == [
            ("2025-09-01", 20),
            ("2025-09-08", 20),
            ("2025-09-29", 20),
        ]


async def test_players_with_the_same_xp_share_a_rank(school: School) -> None:
    at = school.clock.now()
    xp = {1: 50, 2: 80, 3: 50, 4: 20}
    for number, amount in xp.items():
        await _award(school, number, amount, at)
    board = await _leaderboard(school, LeaderboardType.WEEKLY)
    assert [(entry.rank, entry.xp, entry.level) for entry in board] == [
        (1, 80, 2),
        (2, 50, 2),
        (2, 50, 2),
        (4, 20, 1),
    ]
    assert [entry.player_id[-1] for entry in board] == ["2", "1", "3", "4"]
    assert await _leaderboard(school, LeaderboardType.WEEKLY, limit=2) == board[:2]


@pytest.mark.parametrize("limit", [0, -1, 101])
async def test_a_leaderboard_is_1_to_100_players_long(school: School, limit: int) -> None:
    with pytest.raises(QueryError) as refusal:
        await _leaderboard(school, LeaderboardType.WEEKLY, limit)
    assert refusal.value.error.code == "INVALID_LIMIT"


async def test_a_streak_ends_when_a_day_passes_without_xp(school: School) -> None:
    for day in range(3):
        await _award(school, 4, 10, school.clock.now(), source=f"day {day}")
        school.clock.advance(timedelta(days=1))
    assert await _player(school) == PlayerView(30, 3, 3)
    school.clock.advance(timedelta(days=1))
    assert await _player(school) == PlayerView(30, 0, 3)


async def _award(school: School, number: int, amount: int, at: datetime, *, source: str = "x") -> None:
    user_id = STUDENT.id[:-1] + str(number)
    award = AwardXp(user_id, amount, "Because", SourceType.EXERCISE, source, at)
    system = RequestContext.of_system(school.platform.ids)
    done(await school.gamification.commands.execute(award, system))
    await school.deliver()
