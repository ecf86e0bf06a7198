"""What happens elsewhere reaches those whom it concerns: once, and by nobody else's mail as well."""

from datetime import UTC, datetime

import pytest

from subgraphs.contracts.assessment import AssignmentCreated, SubmissionGraded
from subgraphs.contracts.classes import ClassCreated, ClassType, LessonUnlocked
from subgraphs.contracts.identity import PasswordChanged, Role, UserRoleChanged
from subgraphs.contracts.learning import CourseCreated, CourseUpdated, Difficulty
from subgraphs.contracts.notification import Template
from subgraphs.contracts.payments import (
    CreditNoteIssued,
    InvoiceIssued,
    PaymentCompleted,
    PaymentFailed,
    PaymentRefunded,
)
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import IntegrationEvent
from tests.subgraphs.notification.post_office import ADA, BOB, PostOffice

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
NOTHING = Backlog(0, 0, 0)


def _course(title: str = "Knots") -> CourseCreated:
    return CourseCreated("course", BOB.id, title, "Seamanship", Difficulty.BEGINNER, NOW)


@pytest.mark.parametrize(
    ("event", "to", "subject"),
    [
        (UserRoleChanged(ADA.id, Role.STUDENT, Role.TUTOR), "Ada", "You are a tutor now"),
        (UserRoleChanged(ADA.id, Role.STAFF, Role.ADMIN), "Ada", "You run the academy now"),
        (UserRoleChanged(ADA.id, Role.TUTOR, Role.STUDENT), None, None),
        (PasswordChanged(ADA.id, NOW), "Ada", "Your password was changed"),
        (_course(), "Bob", "Knots is begun"),
        (
            LessonUnlocked("class", "course", "lesson", (ADA.id,), BOB.id, NOW),
            "Ada",
            "A new lesson is open in your class",
        ),
        (PaymentCompleted("p", ADA.id, 4900, "EUR", NOW), "Ada", "We have received 49.00 EUR"),
        (PaymentFailed("p", ADA.id, "CARD_DECLINED", NOW), "Ada", "Your payment did not go through"),
        (
            PaymentRefunded("p", ADA.id, 4900, "JPY", NOW, "reason"),
            "Ada",
            "4900 JPY are on their way back to you",
        ),
        (InvoiceIssued("i", "2025-1", "p", ADA.id, 4900, "EUR", NOW), "Ada", "Invoice 2025-1 over 49.00 EUR"),
        (
            CreditNoteIssued("c", "CN-1", "i", "2025-1", "p", ADA.id, 900, "EUR", False, NOW),
            "Ada",
            "Credit note CN-1 over 9.00 EUR",
        ),
        (
            CreditNoteIssued("c", "CN-2", "i", "2025-1", "p", ADA.id, 900, "EUR", True, NOW),
            "Ada",
            "Credit taken back, CN-2: 9.00 EUR",
        ),
        (
            SubmissionGraded("s", "assignment", ADA.id, 17, 20, BOB.id, NOW),
            "Ada",
            "17 of 20 points for your assignment",
        ),
    ],
)
async def test_people_hear_of_what_concerns_them(
    office: PostOffice, event: IntegrationEvent, to: str | None, subject: str | None
) -> None:
    await office.meet(ADA, BOB)
    await office.publish(event)
    assert await office.deliver() == NOTHING
    told = [(one.message["To"].addresses[0].display_name, one.message["Subject"]) for one in office.outbox]
    assert told == ([(f"{to} Example", subject)] if to else [])


async def test_everybody_of_a_class_hears_of_a_lesson_once(office: PostOffice) -> None:
    await office.meet(ADA, BOB)
    await office.publish(ClassCreated("class", ClassType.GROUP, "course", BOB.id, "Monday sailors", 10, NOW))
    unlocked = LessonUnlocked("class", "course", "lesson", (ADA.id, BOB.id), BOB.id, NOW)
    for _ in range(2):
        await office.publish(unlocked)
    assert await office.deliver() == NOTHING
    subjects = [one.message["Subject"] for one in office.outbox]
    assert subjects == ["A new lesson is open in Monday sailors"] * 2


async def test_things_are_called_by_their_latest_titles(office: PostOffice) -> None:
    await office.meet(ADA, BOB)
    await office.publish(_course())
    await office.publish(
        CourseUpdated("course", BOB.id, "Better knots", "Seamanship", Difficulty.BEGINNER, NOW)
    )
    await office.publish(AssignmentCreated("assignment", "course", BOB.id, "Five knots", NOW))
    await office.deliver()
    await office.send(Template.ENROLLMENT_CONFIRMED, ADA, {"course_id": "course"})
    await office.publish(SubmissionGraded("s", "assignment", ADA.id, 17, 20, BOB.id, NOW))
    assert await office.deliver() == NOTHING
    subjects = [one.message["Subject"] for one in office.outbox]
    assert set(subjects) >= {"You are enrolled in Better knots", "17 of 20 points for Five knots"}


async def test_what_a_saga_tells_nobody_else_does(office: PostOffice) -> None:
    """No event leads to a template of a saga; were one told twice all the same, it would be heard once."""
    await office.meet(ADA)
    await office.publish(UserRoleChanged(ADA.id, Role.STUDENT, Role.TUTOR))
    for template in (Template.TUTOR_ONBOARDING, Template.TUTOR_WELCOME, Template.WELCOME):
        await office.send(template, ADA)
        await office.send(template, ADA)
    assert await office.deliver() == NOTHING
    assert len(office.outbox) == 3
