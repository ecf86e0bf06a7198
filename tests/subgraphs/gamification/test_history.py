"""What happens to players is kept as events, and what happened before that was so became events."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy import update

from subgraphs.contracts import CONTRACTS
from subgraphs.gamification import app
from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.event_log import REGISTRY
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.queries.leaderboards import Leaderboard
from subgraphs.gamification.queries.players import PlayerStats, Wanted
from subgraphs.gamification.tables import badge, player, xp_transaction
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projection, Projections, Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.tables import event
from subgraphs.kernel.telemetry.endpoints import Endpoints
from subgraphs.kernel.testing.client import request
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.golden import check_golden
from subgraphs.learning.commands.studying import CompleteExercise
from tests.subgraphs.learning.school import OTHER_STUDENT, STUDENT, School
from tests.subgraphs.people import done

NOBODY = RequestContext(None, "by hand")


@dataclass(frozen=True)
class BeforeEvents:
    """Gamification's tables as they were before its events were kept."""

    migrations: Path
    name: str = "gamification"
    projections: tuple[Projection, ...] = ()


def test_every_version_of_an_event_is_read_as_before(update: bool) -> None:
    check_golden(REGISTRY, Path(__file__).parent / "golden", update=update)


async def test_the_read_model_can_be_built_anew_from_the_events(school: School) -> None:
    course = await school.course()
    for student in (STUDENT, OTHER_STUDENT):
        for exercise_id in course.exercise_ids:
            done(await school.by(student, CompleteExercise(exercise_id, 100)))
            school.clock.advance(timedelta(days=1))
    await school.deliver()
    wanted = Wanted(frozenset(LeaderboardType), badges=True, recent_xp=100)
    query = PlayerStats((STUDENT.id, OTHER_STUDENT.id), wanted)
    before = await school.gamification.queries.ask(query, NOBODY)
    assert len(before[STUDENT.id].recent_xp) == 5
    transactions = school.platform.transactions
    projections = Projections(transactions, school.gamification.projections)
    await projections.rebuild("gamification.players", NOBODY)
    await school.deliver()
    assert [(one.generation, one.status) for one in await projections.list()] == [(1, "retired"), (2, "live")]
    assert await school.gamification.queries.ask(query, NOBODY) == before


async def test_what_was_earned_before_events_were_kept_is_not_lost(store: str, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(Path(app.__file__).parent / "migrations" / "0001_players.py", old)
    clock = FakeClock()
    platform = Platform.open(Settings(tmp_path, database_url=store), clock=clock, contracts=CONTRACTS)
    try:
        await migrate(platform.database, [BeforeEvents(old)])
        now = clock.now()
        async with platform.database.transaction() as connection:
            for number, (id_, total) in enumerate(((STUDENT.id, 70), (OTHER_STUDENT.id, 20))):
                streak = {"streak_days": 2 - number, "longest_streak": 3, "last_active_day": now.date()}
                await connection.execute(
                    sa.insert(player).values(id=id_, version=1, total_xp=total, level=1, **streak)
                )
            await connection.execute(
                sa.insert(badge).values(player_id=STUDENT.id, badge="FIRST_STEPS", unlocked_at=now)
            )
            for id_, to, amount, days in (
                ("late", STUDENT.id, 50, 0),
                ("early", STUDENT.id, 20, 40),
                ("other", OTHER_STUDENT.id, 20, 1),
            ):
                await connection.execute(
                    sa.insert(xp_transaction).values(
                        id=id_,
                        player_id=to,
                        source_type="LESSON",
                        source_id=id_,
                        amount=amount,
                        reason="Because",
                        earned_at=now - timedelta(days=days),
                    )
                )
        gamification = app.build(platform)
        await migrate(platform.database, [gamification])
        await migrate(platform.database, [gamification])
        await Sequencer(platform.transactions).step()
        await Projector(platform.transactions, [PLAYERS]).drain()
        wanted = Wanted(badges=True, recent_xp=10)
        stats = await gamification.queries.ask(PlayerStats((STUDENT.id,), wanted), NOBODY)
        view = stats[STUDENT.id]
        assert (view.total_xp, view.streak_days, view.longest_streak) == (70, 2, 3)
        assert [one.badge for one in view.badges] == [BadgeType.FIRST_STEPS]
        assert [(one.id, one.amount, one.source_type) for one in view.recent_xp] == [
            ("late", 50, SourceType.LESSON),
            ("early", 20, SourceType.LESSON),
        ]
        board = await gamification.queries.ask(Leaderboard(LeaderboardType.ALL_TIME, 10), NOBODY)
        assert [(one.xp, one.level) for one in board] == [(70, 2), (20, 1)]
        week = await gamification.queries.ask(Leaderboard(LeaderboardType.WEEKLY, 10), NOBODY)
        assert [one.xp for one in week] == [50]
    finally:
        await platform.close()


async def test_a_read_model_that_is_stopped_is_seen_from_outside(school: School) -> None:
    course = await school.course()
    for exercise_id in course.exercise_ids[:2]:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 100)))
    await Worker(school.platform.transactions).drain()
    async with school.platform.database.transaction() as connection:
        await connection.execute(update(event).where(event.c.seq == 2).values(data="{}"))
    school.clock.advance(timedelta(minutes=1))
    with structlog.testing.capture_logs():
        await school.deliver()
        app = Endpoints(school.platform, [school.gamification])
        ready, metrics = await request(app, "GET", "/readyz"), await request(app, "GET", "/metrics")
    assert (ready.status, ready.json()["status"]) == (200, "degraded")
    [finding] = [check for check in ready.json()["checks"] if check["name"] == "projections"]
    assert finding["detail"] == "stopped: gamification.players at event:gamification 2"
    for line in (
        'plait_projection_stopped{projection="gamification.players"} 1.0',
        'plait_projection_lag_seconds{projection="gamification.players"} 60.0',
    ):
        assert line in metrics.body.decode()
