"""Users become tutors, stop being tutors, and go."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from subgraphs.contracts.identity import Role, UserActivated, UserDeactivated, UserDeleted, UserRoleChanged
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import PageRequest
from subgraphs.kernel.projections import Projections
from subgraphs.kernel.store.tables import event, outbox
from subgraphs.kernel.testing.golden import check_golden
from subgraphs.tutoring import tables
from subgraphs.tutoring.commands import CreateTutorProfile, VerifyTutor
from subgraphs.tutoring.event_log import REGISTRY
from subgraphs.tutoring.queries.finding import SearchTutors
from subgraphs.tutoring.queries.profiles import TutorProfiles
from tests.subgraphs.people import done, refused
from tests.subgraphs.tutoring.agency import (
    NOTHING,
    OTHER,
    STAFF,
    STUDENT,
    TUTOR,
    Agency,
    tutor_id,
)

EVERYBODY = SearchTutors(PageRequest())


def test_every_version_of_an_event_is_read_as_before(update: bool) -> None:
    check_golden(REGISTRY, Path(__file__).parent / "golden", update=update)


async def _listed(agency: Agency) -> set[str]:
    await agency.deliver()
    page = await agency.tutoring.queries.ask(EVERYBODY, RequestContext(None, "by hand"))
    found = await agency.tutoring.queries.ask(
        TutorProfiles((tutor_id(TUTOR), tutor_id(OTHER), tutor_id(STUDENT))), RequestContext(None, "by hand")
    )
    assert set(found) == set(page.items)
    return set(page.items)


async def test_who_is_made_a_tutor_has_a_profile(agency: Agency) -> None:
    await agency.join(TUTOR, STUDENT)
    assert await _listed(agency) == {tutor_id(TUTOR)}
    await agency.publish(UserRoleChanged(STUDENT.id, Role.STUDENT, Role.TUTOR), key=STUDENT.id)
    assert await _listed(agency) == {tutor_id(TUTOR), tutor_id(STUDENT)}
    await agency.publish(UserRoleChanged(STUDENT.id, Role.TUTOR, Role.STAFF), key=STUDENT.id)
    await agency.publish(UserDeactivated(TUTOR.id, "reason", agency.clock.now()), key=TUTOR.id)
    assert await _listed(agency) == set()
    await agency.publish(UserRoleChanged(STUDENT.id, Role.STAFF, Role.TUTOR), key=STUDENT.id)
    assert await _listed(agency) == {tutor_id(STUDENT)}
    await agency.publish(UserActivated(TUTOR.id, agency.clock.now()), key=TUTOR.id)
    assert await _listed(agency) == {tutor_id(TUTOR), tutor_id(STUDENT)}


async def test_other_contexts_hear_of_tutors(agency: Agency) -> None:
    await agency.join(TUTOR)
    await agency.offer(TUTOR, "Knots", headline="Knots")
    done(await agency.by(STAFF, VerifyTutor(tutor_id(TUTOR))))
    async with agency.platform.database.read() as connection:
        types = select(outbox.c.type).where(outbox.c.source == "tutoring").order_by(outbox.c.pos)
        assert list(await connection.scalars(types)) == [
            "tutoring.tutor_profile_created",
            "tutoring.tutor_created",
            "tutoring.tutor_profile_updated",
            "tutoring.tutor_verified",
        ]


async def test_the_staff_may_teach_too(agency: Agency) -> None:
    assert refused(await agency.by(STAFF, CreateTutorProfile()))[0] == "PERSON_UNKNOWN"
    await agency.join(STAFF, TUTOR)
    done(await agency.by(STAFF, CreateTutorProfile()))
    assert refused(await agency.by(STAFF, CreateTutorProfile()))[0] == "TUTOR_PROFILE_EXISTS"
    assert refused(await agency.by(TUTOR, CreateTutorProfile()))[0] == "TUTOR_PROFILE_EXISTS"
    assert refused(await agency.by(STUDENT, CreateTutorProfile()))[0] == "FORBIDDEN"


async def test_who_is_deleted_is_forgotten_by_every_search_to_come(agency: Agency) -> None:
    await agency.join(TUTOR, OTHER)
    agency.clock.advance(timedelta(days=1))  # their onboarding is over
    await agency.deliver()
    await agency.offer(TUTOR, "Knots", headline="A secret headline", bio="A secret bio")
    await agency.offer(OTHER, "Knots", headline="Another headline")
    await agency.publish(UserDeleted(TUTOR.id, agency.clock.now()), key=TUTOR.id)
    assert await agency.deliver() == NOTHING
    assert await _listed(agency) == {tutor_id(OTHER)}
    projections = Projections(agency.platform.transactions, agency.tutoring.projections)
    await projections.rebuild("tutoring.search", RequestContext(STAFF, "by hand"))
    assert await _listed(agency) == {tutor_id(OTHER)}
    async with agency.platform.database.read() as connection:
        for table in (tables.tutor, tables.person, event):
            for row in await connection.execute(select(table)):
                assert "secret" not in repr(row)
                assert "user1@" not in repr(row)
    late = UserRoleChanged(TUTOR.id, Role.STUDENT, Role.TUTOR)
    await agency.publish(late, key=TUTOR.id)
    assert await agency.deliver() == NOTHING
    assert await _listed(agency) == {tutor_id(OTHER)}
