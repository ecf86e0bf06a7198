"""The essentials once more on PostgreSQL: enrolling, handing in, who may read, what comes in parts."""

import asyncio
from dataclasses import replace
from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.gamification import app as gamification_app
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from subgraphs.kernel.testing.schema import table_drift
from subgraphs.learning import app as learning_app
from subgraphs.learning.tables import metadata
from tests.subgraphs.learning import test_enrolling, test_handing_in, test_jobs
from tests.subgraphs.learning.neighbours import Neighbours
from tests.subgraphs.learning.school import School, introduce_everybody


async def test_learning_lives_on_postgresql_as_well(tmp_path: Path, postgres: TemporaryPostgres) -> None:
    database = postgres.url(await asyncio.to_thread(postgres.create))
    settings = replace(Settings(tmp_path, password_rounds=4), database_url=database)
    clock, neighbours = FakeClock(), Neighbours()
    platform = Platform.open(settings, clock=clock, contracts=CONTRACTS)
    try:
        learning, gamification = learning_app.build(platform), gamification_app.build(platform)
        platform.add(learning, gamification)
        platform.subscriptions.add(*neighbours.subscriptions())
        await migrate(platform.database, [learning, gamification])
        assert await table_drift(platform.database, "learning", metadata) == []
        await introduce_everybody(platform)
        school = School(platform, clock, learning, gamification, neighbours)
        await test_handing_in.test_a_quiz_is_graded_and_tried_again(school)
        await test_enrolling.test_a_request_ends_with_a_place_in_the_course(school)
        await test_enrolling.test_nobody_asks_twice_or_for_what_they_have(school)
        await test_enrolling.test_a_record_for_each_course_and_student_whatever_happens(school)
        await test_jobs.test_course_analytics_count_how_published_courses_fare(school)
    finally:
        await platform.close()
