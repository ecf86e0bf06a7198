"""Enrolling with the real payments, notification and assessment: what each has heard in the end."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from subgraphs.assessment.commands.assigning import CreateAssignment
from subgraphs.assessment.commands.submitting import SubmitAssignment
from subgraphs.assessment.domain.values import SubmissionType
from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import ActivateClass, CreateClass
from subgraphs.classes.commands.teaching import UnlockLesson
from subgraphs.classes.domain.schedule import Weekday
from subgraphs.classes.domain.values import ClassType
from subgraphs.classes.tables import person as classes_person
from subgraphs.contexts import CONTEXTS
from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.payments import PaymentMethod
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.messaging.backlog import queues
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse
from subgraphs.learning.commands.enrolling import SEND_NOTIFICATION
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection
from subgraphs.learning.commands.requesting import RequestCourseEnrollment
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.payments.commands.refunding import InitiateRefund
from tests.subgraphs.learning.school import STAFF, STUDENT, TUTOR
from tests.subgraphs.people import client, done, introduce, refused


class Academy:
    """Every context on one platform."""

    def __init__(self, platform: Platform, contexts: dict[str, BoundedContext], clock: FakeClock) -> None:
        self.platform = platform
        self.contexts = contexts
        self.clock = clock

    async def deliver(self) -> None:
        await Worker(self.platform.transactions).drain()
        async with self.platform.database.read() as connection:
            for queue in await queues(connection, now=self.clock.now()):
                if queue.consumer == SEND_NOTIFICATION:
                    continue  # nobody has told notification yet who these people are
                assert (queue.ready, queue.dead, queue.blocked) == (0, 0, 0), queue


@pytest.fixture
async def academy(tmp_path: Path) -> AsyncIterator[Academy]:
    clock = FakeClock()
    platform = Platform.open(Settings(tmp_path, password_rounds=4), clock=clock, contracts=CONTRACTS)
    try:
        contexts = [context.build(platform) for context in CONTEXTS.values()]
        platform.add(*contexts)
        await migrate(platform.database, contexts)
        await introduce(platform, (classes_person,), STUDENT)
        yield Academy(platform, {context.name: context for context in contexts}, clock)
    finally:
        await platform.close()


async def test_who_joins_a_class_pays_reads_its_lessons_and_is_forgotten(academy: Academy) -> None:
    def by(actor: Actor) -> RequestContext:
        return RequestContext(actor, "by hand")

    learning, classes = academy.contexts["learning"].commands, academy.contexts["classes"].commands
    create = CreateCourse("Knots", "x", "Seamanship", Difficulty.BEGINNER, 1900, "EUR")
    lessons = []
    for _ in range(2):
        course_id = str(done(await learning.execute(create, by(TUTOR))))
        section = str(done(await learning.execute(AddSection(course_id, "x"), by(TUTOR))))
        lessons.append(str(done(await learning.execute(AddLesson(section, "x", "Up."), by(TUTOR)))))
        done(await learning.execute(AddExercise(lessons[-1], ExerciseType.READING, "x", "x"), by(TUTOR)))
        done(await learning.execute(PublishCourse(course_id), by(TUTOR)))
    await academy.deliver()
    price = Money(12000, Currency("EUR"))
    group = CreateClass(ClassType.PRIVATE, "One", course_id, 3, price, (Weekday.MONDAY,), time(18))
    class_id = str(done(await classes.execute(group, by(STAFF))))
    enroll = EnrollStudent(class_id, STUDENT.id, price, PaymentMethod.CARD)
    done(await classes.execute(enroll, by(STAFF)))
    done(await classes.execute(ActivateClass(class_id), by(TUTOR)))
    elsewhere, here = lessons
    stolen = await classes.execute(UnlockLesson(class_id, elsewhere), by(TUTOR))
    assert refused(stolen)[0] == "LESSON_NOT_FOUND"
    done(await classes.execute(UnlockLesson(class_id, here), by(TUTOR)))
    await academy.deliver()

    async def ask(context: str, query: str, actor: Actor, **variables: str) -> Any:
        return await client(academy.platform, academy.contexts[context], actor).data(query, **variables)

    joined = """query ($id: ID!) { classDetail(id: $id) { myEnrollment { isPaid payments { id } } } }"""
    mine = (await ask("classes", joined, STUDENT, id=class_id))["classDetail"]["myEnrollment"]
    [paid] = mine["payments"]
    assert mine["isPaid"]
    payment = "query ($id: ID!) { payment(id: $id) { status class { id } amount { amountMinor } } }"
    assert (await ask("payments", payment, STUDENT, id=paid["id"]))["payment"] == {
        "status": "COMPLETED",
        "class": {"id": class_id},
        "amount": {"amountMinor": 12000},
    }
    read = "query ($id: ID!) { lessonContent(lessonId: $id) { content } }"
    assert (await ask("learning", read, STUDENT, id=here))["lessonContent"] == {"content": "Up."}

    async with academy.platform.transactions.begin("identity", RequestContext(SYSTEM, "gone")) as work:
        work.publish(UserDeleted(STUDENT.id, academy.clock.now()), key=STUDENT.id)
    await academy.deliver()
    assert (await ask("payments", payment, STAFF, id=paid["id"]))["payment"]["status"] == "COMPLETED"


async def test_who_pays_takes_the_course_hands_in_and_is_out_when_the_money_goes_back(
    academy: Academy,
) -> None:
    learning, payments = academy.contexts["learning"].commands, academy.contexts["payments"].commands
    assessment = academy.contexts["assessment"].commands

    def by(actor: Actor) -> RequestContext:
        return RequestContext(actor, "by hand")

    create = CreateCourse("Knots", "x", "Seamanship", Difficulty.BEGINNER, 1900, "EUR")
    course_id = str(done(await learning.execute(create, by(TUTOR))))
    section = str(done(await learning.execute(AddSection(course_id, "x"), by(TUTOR))))
    lesson = str(done(await learning.execute(AddLesson(section, "x", "x"), by(TUTOR))))
    exercise = AddExercise(lesson, ExerciseType.READING, "x", "x")
    done(await learning.execute(exercise, by(TUTOR)))
    done(await learning.execute(PublishCourse(course_id), by(TUTOR)))
    await academy.deliver()
    essay = CreateAssignment(course_id, "Essay", "Write.", (SubmissionType.TEXT,))
    assignment_id = str(done(await assessment.execute(essay, by(TUTOR))))
    submit = SubmitAssignment(assignment_id, SubmissionType.TEXT, "Knots.")
    assert refused(await assessment.execute(submit, by(STUDENT)))[0] == "NOT_ENROLLED"

    request_id = str(done(await learning.execute(RequestCourseEnrollment(course_id), by(STUDENT))))
    await academy.deliver()
    student = client(academy.platform, academy.contexts["learning"], STUDENT)
    query = """query ($id: ID!) { enrollmentRequest(id: $id) {
        status reason course { myEnrollment { status payment { id } } }
    } }"""
    found = (await student.data(query, id=request_id))["enrollmentRequest"]
    enrollment = {"status": "ACTIVE", "payment": {"id": request_id}}
    assert found == {"status": "COMPLETED", "reason": None, "course": {"myEnrollment": enrollment}}
    done(await assessment.execute(submit, by(STUDENT)))

    done(await payments.execute(InitiateRefund(request_id, "Changed their mind"), by(STAFF)))
    await academy.deliver()
    found = (await student.data(query, id=request_id))["enrollmentRequest"]
    assert found["course"]["myEnrollment"]["status"] == "CANCELLED"
    assert refused(await assessment.execute(submit, by(STUDENT)))[0] == "NOT_ENROLLED"
