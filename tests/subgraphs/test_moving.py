"""Who says where they live is treated by the clocks there, in every context that tells the time."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.learning import ExerciseCompleted, ExerciseType
from subgraphs.gamification import app as gamification
from subgraphs.gamification.tables import player
from subgraphs.identity import app as identity
from subgraphs.identity.commands import RegisterUser, UpdateUserSettings
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification import app as notification
from subgraphs.notification.tables import recipient
from tests.subgraphs.people import done

BEFORE_MIDNIGHT_IN_TOKYO = datetime(2025, 9, 1, 14, 30, tzinfo=UTC)
AFTER_MIDNIGHT_IN_TOKYO = datetime(2025, 9, 1, 15, 30, tzinfo=UTC)


async def test_a_streak_counts_the_days_where_the_player_lives(tmp_path: Path) -> None:
    platform = Platform.open(
        Settings(tmp_path, password_rounds=4),
        clock=FakeClock(),
        ids=RandomIds(Random(1)),
        contracts=CONTRACTS,
    )
    try:
        contexts = [one.build(platform) for one in (identity, gamification, notification)]
        people, *_ = contexts
        platform.add(*contexts)
        await migrate(platform.database, contexts)
        visitor = RequestContext(None, "test")
        signed_up = await people.commands.execute(
            RegisterUser("ada@example.org", "correct horse", "Ada", "Lovelace"), visitor
        )
        user_id = str(done(signed_up))
        ada = RequestContext(Actor(user_id, "student"), "test")
        # At once: neither a profile nor settings have been made yet.
        done(await people.commands.execute(UpdateUserSettings("Asia/Tokyo"), ada))
        await Worker(platform.transactions).drain()
        for number, at in enumerate((BEFORE_MIDNIGHT_IN_TOKYO, AFTER_MIDNIGHT_IN_TOKYO)):
            completed = ExerciseCompleted(
                user_id, "course", "lesson", f"exercise-{number}", ExerciseType.QUIZ, 100, at
            )
            async with platform.transactions.begin("learning", ada) as work:
                work.publish(completed, key=user_id)
        await Worker(platform.transactions).drain()
        async with platform.database.read() as connection:
            played = (await connection.execute(select(player))).one()
            told = (await connection.execute(select(recipient))).one()
    finally:
        await platform.close()
    assert (played.time_zone, told.time_zone) == ("Asia/Tokyo", "Asia/Tokyo")
    assert played.streak_days == 2, "two days of Tokyo, one of UTC"
