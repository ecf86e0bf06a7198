"""TutorOnboarding: welcomed at once, a dashboard after an hour, tips after a day; whatever dies meanwhile.

Requirement: section 20; section 25, 9: the seeds' delays die with the process, and the third step was never
written.
"""

from datetime import timedelta
from pathlib import Path

from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.tutoring import TutorProfileCreated
from subgraphs.kernel.sagas.outputs import Send
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.sagas import given_saga
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import Outbox
from subgraphs.tutoring.domain.values import TutorId, UserId
from subgraphs.tutoring.sagas import (
    ONBOARDING,
    TUTOR_ONBOARDING,
    InitializeTutorDashboard,
    SendOnboardingTips,
    SendWelcomeEmail,
)
from tests.subgraphs.tutoring.agency import NOTHING, TUTOR, Agency, open_agency, tutor_id

NOW = FakeClock().now()
ID = str(TutorId.of(UserId("u")))
CREATED = TutorProfileCreated(ID, "u", "ada@example.org", NOW)
WELCOME = Send(SendWelcomeEmail(ID, "u", "ada@example.org"), to=ONBOARDING)


def test_the_steps_come_in_their_time() -> None:
    (
        given_saga(TUTOR_ONBOARDING)
        .when(CREATED)
        .then(WELCOME)
        .after(timedelta(minutes=59, seconds=59))
        .then()
        .after(timedelta(seconds=1))
        .then(Send(InitializeTutorDashboard(ID), to=ONBOARDING))
        .after(timedelta(hours=22, minutes=59, seconds=59))
        .then()
        .after(timedelta(seconds=1))
        .then(Send(SendOnboardingTips(ID, "u", "ada@example.org"), to=ONBOARDING), status=Status.COMPLETED)
    )


def test_a_profile_that_is_created_twice_is_one_onboarding() -> None:
    given_saga(TUTOR_ONBOARDING).when(CREATED, CREATED).then(WELCOME)


def test_who_is_deleted_is_not_shown_around() -> None:
    scenario = given_saga(TUTOR_ONBOARDING).when(CREATED).then(WELCOME)
    gone = scenario.when(UserDeleted("u", NOW)).then(status=Status.FAILED)
    assert "ada" not in repr(gone.current.state)
    gone.after(timedelta(days=2)).then(status=Status.FAILED)


def _told(agency: Agency) -> list[str]:
    written = Outbox(outbox_folder(agency.platform.settings.data_dir)).read()[::-1]
    return [str(one.message["Subject"]) for one in written]


async def _has_dashboard(agency: Agency) -> bool:
    query = "query ($id: ID!) { tutorProfile(id: $id) { dashboard { since missing isListed } } }"
    found = await agency.ask(TUTOR).data(query, id=tutor_id(TUTOR))
    return found["tutorProfile"]["dashboard"]["since"] is not None


async def test_a_tutor_is_shown_around_through_restarts(store: str, tmp_path: Path) -> None:
    clock = FakeClock()
    async with open_agency(tmp_path, database_url=store, clock=clock) as agency:
        await agency.join(TUTOR)
        assert _told(agency) == ["Welcome among our tutors, Ada"]
        clock.advance(timedelta(minutes=59))
        assert (await agency.deliver()).waiting == 2
        assert not await _has_dashboard(agency)
    clock.advance(timedelta(minutes=1))
    async with open_agency(tmp_path, database_url=store, clock=clock) as agency:
        await agency.deliver()
        assert await _has_dashboard(agency)
        clock.advance(timedelta(hours=22, minutes=59))
        await agency.deliver()
        assert len(_told(agency)) == 1
    clock.advance(timedelta(days=3))  # nobody was there when it was due
    async with open_agency(tmp_path, database_url=store, clock=clock) as agency:
        assert await agency.deliver() == NOTHING
        assert _told(agency)[1:] == ["Three things that students look for in a tutor"]
        sagas = Sagas(agency.platform.transactions, [TUTOR_ONBOARDING])
        record = await sagas.find(TUTOR_ONBOARDING.id_of(tutor_id(TUTOR)))
        assert record is not None
        assert record.status is Status.COMPLETED


async def test_who_is_deleted_within_the_day_gets_no_tips(agency: Agency) -> None:
    await agency.join(TUTOR)
    await agency.publish(UserDeleted(TUTOR.id, agency.clock.now()), key=TUTOR.id)
    await agency.deliver()
    agency.clock.advance(timedelta(days=2))
    assert await agency.deliver() == NOTHING
    assert len(_told(agency)) == 1
