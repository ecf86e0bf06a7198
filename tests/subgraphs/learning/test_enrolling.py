"""Taking a course, from the click to the place in it: the saga with everybody whom it talks to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from subgraphs.contracts.notification import Template
from subgraphs.contracts.payments import PaymentCompleted, PaymentMethod, PaymentRefunded, ProcessPayment
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.domain import PageRequest
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.learning.commands.enrolling import (
    CancelEnrollment,
    CreateEnrollment,
    EnrollStudent,
)
from subgraphs.learning.commands.requesting import RequestCourseEnrollment
from subgraphs.learning.commands.studying import CompleteExercise
from subgraphs.learning.sagas.course_enrollment import COURSE_ENROLLMENT, PAYMENT_TIMEOUT
from subgraphs.learning.sagas.lesson_progress import LESSON_PROGRESS
from subgraphs.learning.tables import enrollment
from tests.subgraphs.learning.school import (
    OTHER_STUDENT,
    OTHER_TUTOR,
    STAFF,
    STUDENT,
    TUTOR,
    MadeCourse,
    School,
    selects,
)
from tests.subgraphs.people import codes, done, refused

REQUEST = """
    mutation ($id: ID!) { requestCourseEnrollment(input: {courseId: $id}) {
      enrollmentRequest { id status price { amountMinor } payment { id } course { title } student { id } }
      errors { code }
    } }
"""
OUTCOME = "query ($id: ID!) { enrollmentRequest(id: $id) { status reason endedAt } }"
MINE = "query ($id: ID!) { courseById(id: $id) { myEnrollment { status payment { id } } } }"


async def closed_course(school: School, **about: Any) -> MadeCourse:
    """One that no class has opened to anybody."""
    return await school.course(open_to=(), **about)


async def ask(school: School, course: MadeCourse, actor: Actor = STUDENT) -> str:
    answer = (await school.ask_learning(actor).data(REQUEST, id=course.id))["requestCourseEnrollment"]
    assert answer["errors"] == []
    return str(answer["enrollmentRequest"]["id"])


async def outcome(school: School, request_id: str, actor: Actor = STUDENT) -> tuple[str, str | None]:
    found = (await school.ask_learning(actor).data(OUTCOME, id=request_id))["enrollmentRequest"]
    return found["status"], found["reason"]


async def statuses(school: School) -> list[tuple[str, str | None]]:
    """Of all enrolments, with the payments that they were made for."""
    async with school.platform.database.read() as connection:
        rows = await connection.execute(select(enrollment.c.status, enrollment.c.payment_id))
        return [(row.status, row.payment_id) for row in rows]


async def tell_paid(
    school: School,
    course: MadeCourse,
    *,
    payment_id: str,
    amount: int = 1900,
    currency: str = "EUR",
    student: Actor = STUDENT,
    method: PaymentMethod = PaymentMethod.CASH,
) -> None:
    """As if payments had told."""
    paid = ProcessPayment(payment_id, student.id, amount, currency, method, course_id=course.id)
    school.neighbours.paid[payment_id] = paid
    event = PaymentCompleted(
        payment_id, student.id, amount, currency, school.clock.now(), course_id=course.id, method=method
    )
    async with school.platform.transactions.begin("payments", RequestContext(SYSTEM, "till")) as work:
        work.publish(event, key=payment_id)
    await school.deliver()


async def test_a_request_ends_with_a_place_in_the_course(school: School) -> None:
    course = await closed_course(school)
    student = school.ask_learning(STUDENT)
    answer = (await student.data(REQUEST, id=course.id))["requestCourseEnrollment"]
    request = answer["enrollmentRequest"]
    assert request == {
        "id": request["id"],
        "status": "PENDING",
        "price": {"amountMinor": 1900},
        "payment": None,
        "course": {"title": "Knots"},
        "student": {"id": STUDENT.id},
    }
    assert (await student.data(MINE, id=course.id))["courseById"]["myEnrollment"] is None
    await school.deliver()
    assert await outcome(school, request["id"]) == ("COMPLETED", None)
    mine = (await student.data(MINE, id=course.id))["courseById"]["myEnrollment"]
    assert mine == {"status": "ACTIVE", "payment": {"id": request["id"]}}
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 100)))
    letters = [one for one in school.neighbours.letters if one.values == {"course_id": course.id}]
    assert [(one.template, one.user_id) for one in letters] == [(Template.ENROLLMENT_CONFIRMED, STUDENT.id)]


async def test_what_was_paid_is_none_of_the_tutors_business(school: School) -> None:
    course = await closed_course(school)
    await ask(school, course)
    await school.deliver()
    takers = """query ($id: ID!) { courseById(id: $id) {
        enrollments { nodes { status payment { id } } }
    } }"""
    for actor, expected in ((TUTOR, ["FORBIDDEN"]), (STAFF, [])):
        answer = await school.ask_learning(actor).execute(takers, id=course.id)
        [enrollment] = answer["data"]["courseById"]["enrollments"]["nodes"]
        assert (enrollment["status"], codes(answer)) == ("ACTIVE", expected)
        assert (enrollment["payment"] is None) == bool(expected)


async def test_a_free_course_needs_no_money(school: School) -> None:
    course = await closed_course(school, price=0)
    request_id = await ask(school, course)
    await school.deliver()
    assert await outcome(school, request_id) == ("COMPLETED", None)
    assert (school.neighbours.paid, await statuses(school)) == ({}, [("ACTIVE", None)])


async def test_who_cannot_pay_does_not_get_in(school: School) -> None:
    course = await closed_course(school)
    school.neighbours.declines.add(STUDENT.id)
    request_id = await ask(school, course)
    await school.deliver()
    assert await outcome(school, request_id) == ("FAILED", "CARD_DECLINED")
    assert await statuses(school) == []
    [letter] = school.neighbours.letters
    assert (letter.template, letter.values) == (
        Template.ENROLLMENT_FAILED,
        {"course_id": course.id, "reason": "CARD_DECLINED"},
    )
    school.neighbours.declines.clear()  # and may ask again
    await ask(school, course)
    await school.deliver()
    assert [status for status, _ in await statuses(school)] == ["ACTIVE"]


async def test_an_enrolment_that_fails_after_the_payment_is_paid_back(school: School) -> None:
    """Requirement: section 25, defect 14."""
    course = await closed_course(school)
    request_id = await ask(school, course)
    # Meanwhile the staff has put the student into the course for another payment.
    by_hand = CreateEnrollment(course.id, STUDENT.id, "another")
    done(await school.by(SYSTEM, by_hand))
    await school.deliver()
    assert await outcome(school, request_id) == ("FAILED", "ALREADY_ENROLLED")
    assert school.neighbours.refunded == [request_id]
    assert await statuses(school) == [("ACTIVE", "another")]


async def test_a_till_that_is_silent_for_too_long_ends_it(school: School) -> None:
    course = await closed_course(school)
    school.neighbours.closed = True
    request_id = await ask(school, course)
    await school.deliver()
    assert await outcome(school, request_id) == ("PENDING", None)
    school.clock.advance(PAYMENT_TIMEOUT)
    await school.deliver()
    assert await outcome(school, request_id) == ("FAILED", "PAYMENT_TIMED_OUT")


async def test_the_news_of_a_payment_and_the_saga_enrol_once(school: School) -> None:
    """Requirement: section 25, defect 15. Both happen, in whatever order."""
    course = await closed_course(school)
    request_id = await ask(school, course)
    await school.deliver()
    paid = school.neighbours.paid[request_id]
    await tell_paid(school, course, payment_id=paid.payment_id)  # once more
    assert await statuses(school) == [("ACTIVE", request_id)]
    assert school.neighbours.refunded == []
    assert len(school.neighbours.letters) == 1


async def test_who_pays_by_hand_is_enrolled_and_who_pays_a_part_is_not_yet(school: School) -> None:
    course = await closed_course(school)
    await tell_paid(school, course, payment_id="part", amount=900)
    assert (await statuses(school), school.neighbours.refunded) == ([], [])
    await tell_paid(school, course, payment_id="all")
    assert await statuses(school) == [("ACTIVE", "all")]
    await tell_paid(school, course, payment_id="twice")  # what cannot be had is paid back
    assert (await statuses(school), school.neighbours.refunded) == ([("ACTIVE", "all")], ["twice"])


async def test_too_little_from_a_card_goes_back_at_once(school: School) -> None:
    """Nobody waits for the rest of it; and another currency is another price."""
    course = await closed_course(school)
    await tell_paid(school, course, payment_id="cent", amount=1, method=PaymentMethod.CARD)
    await tell_paid(school, course, payment_id="yen", currency="JPY", method=PaymentMethod.CARD)
    assert (await statuses(school), school.neighbours.refunded) == ([], ["cent", "yen"])
    await tell_paid(school, course, payment_id="all", method=PaymentMethod.CARD)
    assert (await statuses(school), school.neighbours.refunded) == ([("ACTIVE", "all")], ["cent", "yen"])


async def test_who_gets_the_money_back_does_not_keep_the_course(school: School) -> None:
    course = await closed_course(school)
    await tell_paid(school, course, payment_id="paid")
    event = PaymentRefunded("paid", STUDENT.id, 1900, "EUR", school.clock.now(), "changed their mind")
    async with school.platform.transactions.begin("payments", RequestContext(SYSTEM, "till")) as work:
        work.publish(event, key="paid")
    await school.deliver()
    assert await statuses(school) == [("CANCELLED", "paid")]
    assert refused(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 1)))[0] == "NOT_ENROLLED"
    again = EnrollStudent(course.id, STUDENT.id, "paid")
    assert refused(await school.by(STAFF, again)) == ("PAYMENT_NOT_VERIFIED", "paymentId")


async def test_payments_are_verified_before_an_enrolment(school: School) -> None:
    course, other = await closed_course(school), await closed_course(school, title="Sails")
    school.neighbours.closed = True
    await tell_paid(school, other, payment_id="for the other")
    assert refused(await school.by(STUDENT, EnrollStudent(course.id)))[0] == "PAYMENT_REQUIRED"
    for payment in ("nobody knows", "for the other"):
        enroll = EnrollStudent(course.id, payment_id=payment)
        assert refused(await school.by(STUDENT, enroll)) == ("PAYMENT_NOT_VERIFIED", "paymentId")
    theirs = EnrollStudent(other.id, payment_id="for the other")
    assert refused(await school.by(OTHER_STUDENT, theirs))[0] == "PAYMENT_NOT_VERIFIED"
    done(await school.by(STUDENT, theirs))  # once more, for the same payment
    assert await statuses(school) == [("ACTIVE", "for the other")]


async def test_nobody_asks_twice_or_for_what_they_have(school: School) -> None:
    course, draft = await closed_course(school), await closed_course(school, title="Secrets", publish=False)
    await ask(school, course)
    assert refused(await school.by(STUDENT, RequestCourseEnrollment(course.id)))[0] == "ENROLLMENT_PENDING"
    assert refused(await school.by(STUDENT, EnrollStudent(course.id)))[0] == "ENROLLMENT_PENDING"
    await school.deliver()
    assert refused(await school.by(STUDENT, RequestCourseEnrollment(course.id)))[0] == "ALREADY_ENROLLED"
    assert refused(await school.by(STUDENT, RequestCourseEnrollment(draft.id)))[0] == "COURSE_NOT_FOUND"
    assert refused(await school.by(STUDENT, EnrollStudent(draft.id)))[0] == "COURSE_NOT_FOUND"
    for_student = EnrollStudent(draft.id, STUDENT.id)
    assert refused(await school.by(STAFF, for_student))[0] == "COURSE_NOT_PUBLISHED"  # they see it
    assert refused(await school.by(STUDENT, RequestCourseEnrollment("?")))[0] == "COURSE_NOT_FOUND"


@pytest.mark.parametrize(
    ("actor", "code"), [(None, "UNAUTHENTICATED"), (TUTOR, "FORBIDDEN"), (OTHER_STUDENT, "FORBIDDEN")]
)
async def test_who_may_not_enrol_somebody_else(school: School, actor: Actor | None, code: str) -> None:
    course = await closed_course(school, price=0)
    assert refused(await school.by(actor, EnrollStudent(course.id, STUDENT.id)))[0] == code
    internal = CreateEnrollment(course.id, STUDENT.id, "free for me")
    assert refused(await school.by(actor, internal))[0] in ("UNAUTHENTICATED", "FORBIDDEN")
    assert await statuses(school) == []


async def test_the_staff_enrols_and_takes_out_and_students_leave(school: School) -> None:
    course = await closed_course(school, price=0)
    enrollment_id = str(done(await school.by(STAFF, EnrollStudent(course.id, STUDENT.id))))
    assert refused(await school.by(STAFF, EnrollStudent(course.id, STUDENT.id)))[0] == "ALREADY_ENROLLED"
    for actor in (OTHER_STUDENT, TUTOR):
        assert refused(await school.by(actor, CancelEnrollment(enrollment_id, "x")))[0] == (
            "ENROLLMENT_NOT_FOUND"
        )
    for no_reason in (" ", "\0"):
        refusal = refused(await school.by(STUDENT, CancelEnrollment(enrollment_id, no_reason)))
        assert refusal == ("REASON_REQUIRED", "reason")
    done(await school.by(STUDENT, CancelEnrollment(enrollment_id, "No time")))
    again = refused(await school.by(STUDENT, CancelEnrollment(enrollment_id, "No time")))[0]
    assert again == "ENROLLMENT_NOT_ACTIVE"
    assert str(done(await school.by(STUDENT, EnrollStudent(course.id)))) == enrollment_id


async def test_a_record_for_each_course_and_student_whatever_happens(school: School) -> None:
    """Requirement: section 25, defect 16. Enrolments are records of their own, unique, and come in parts."""
    course = await closed_course(school, price=0)
    students = [Actor(str(UUID(int=number)), "student") for number in range(100, 105)]
    for student in students:
        done(await school.by(student, EnrollStudent(course.id)))
        school.clock.advance(timedelta(minutes=1))
    query = """query ($id: ID!, $after: String) { courseById(id: $id) {
        enrollments(first: 3, after: $after) { nodes { student { id } } pageInfo { hasNextPage endCursor } }
    } }"""
    tutor, seen, after = school.ask_learning(TUTOR), [], None
    for _ in range(2):
        part = (await tutor.data(query, id=course.id, after=after))["courseById"]["enrollments"]
        seen += [node["student"]["id"] for node in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
    assert (seen, part["pageInfo"]["hasNextPage"]) == ([one.id for one in reversed(students)], False)
    for actor in (students[0], OTHER_TUTOR, None):
        answer = await school.ask_learning(actor).execute(query, id=course.id)
        assert answer["data"]["courseById"]["enrollments"] is None
        assert answer["errors"][0]["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED")


async def test_whose_business_an_enrolment_is(school: School) -> None:
    knots, stars = (
        await closed_course(school, price=0),
        await closed_course(school, title="Stars", tutor=OTHER_TUTOR, price=0),
    )
    ids = [str(done(await school.by(STUDENT, EnrollStudent(one.id)))) for one in (knots, stars)]
    query = """query ($r: [_Any!]!, $e: [_Any!]!) {
        users: _entities(representations: $r) { ... on User { enrollments { nodes { course { title } } } } }
        enrollments: _entities(representations: $e) { ... on Enrollment { id status } }
    }"""
    representations = {
        "r": [{"__typename": "User", "id": one.id} for one in (STUDENT, OTHER_STUDENT)],
        "e": [{"__typename": "Enrollment", "id": one} for one in ids],
    }

    async def seen(actor: Actor | None) -> tuple[list[int | None], list[bool]]:
        data = (await school.ask_learning(actor).execute(query, **representations))["data"]
        counts = [one["enrollments"] and len(one["enrollments"]["nodes"]) for one in data["users"]]
        return counts, [one is not None for one in data["enrollments"]]

    assert await seen(STUDENT) == ([2, None], [True, True])
    assert await seen(TUTOR) == ([1, 0], [True, False])
    assert await seen(STAFF) == ([2, 0], [True, True])
    assert await seen(OTHER_STUDENT) == ([None, 0], [False, False])
    assert await seen(None) == ([None, None], [False, False])
    with selects() as counted:
        await school.ask_learning(STAFF).data(query, **representations)
    assert len(counted) == 2  # for both users one, for both enrolments one; the courses are in the cache
    verify = "query ($c: ID!, $s: ID) { verifyEnrollment(courseId: $c, studentId: $s) }"
    for actor in (STUDENT, TUTOR, STAFF):
        answer = await school.ask_learning(actor).data(verify, c=knots.id, s=STUDENT.id)
        assert answer == {"verifyEnrollment": True}
    assert (await school.ask_learning(OTHER_STUDENT).data(verify, c=knots.id)) == {"verifyEnrollment": False}
    for actor in (OTHER_STUDENT, OTHER_TUTOR):
        forbidden = await school.ask_learning(actor).execute(verify, c=knots.id, s=STUDENT.id)
        assert forbidden["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_request_is_nobody_elses_business(school: School) -> None:
    request_id = await ask(school, await closed_course(school))
    assert (await school.ask_learning(OTHER_STUDENT).data(OUTCOME, id=request_id)) == {
        "enrollmentRequest": None
    }
    assert await outcome(school, request_id, STAFF) == ("PENDING", None)


async def test_who_cancels_the_saga_gets_the_money_back(school: School) -> None:
    course = await closed_course(school)
    school.neighbours.closed = True
    request_id = await ask(school, course)
    await school.deliver()
    sagas = Sagas(school.platform.transactions, [COURSE_ENROLLMENT])
    saga_id = COURSE_ENROLLMENT.id_of(request_id)
    done(await sagas.cancel(saga_id, RequestContext(SYSTEM, "operator"), reason="a test"))
    await school.deliver()
    assert await outcome(school, request_id) == ("FAILED", "CANCELLED")


async def test_a_completed_lesson_unlocks_the_next_one(school: School) -> None:
    """Requirement: section 20, LessonProgress: progress, XP once, and the way on."""
    course = await closed_course(school, price=0)
    done(await school.by(STUDENT, EnrollStudent(course.id)))
    locked = refused(await school.by(STUDENT, CompleteExercise(course.exercise_ids[2], 100)))
    assert locked == ("LESSON_LOCKED", None)
    for exercise_id in course.exercise_ids[:2]:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 100)))
    await school.deliver()
    query = "{ studentProgress { items { completedLessonCount unlockedLessons { id } } } }"
    [progress] = (await school.ask_learning(STUDENT).data(query))["studentProgress"]["items"]
    unlocked = [lesson["id"] for lesson in progress["unlockedLessons"]]
    assert (progress["completedLessonCount"], unlocked) == (1, list(course.lesson_ids))
    sagas = Sagas(school.platform.transactions, [LESSON_PROGRESS])
    found = await sagas.list(PageRequest(), type_=LESSON_PROGRESS.type)
    assert [one.status for one in found.items] == [Status.COMPLETED]
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[2], 100)))
    await school.deliver()
    stats = f'{{ playerStats(userId: "{STUDENT.id}") {{ totalXp recentXp {{ reason }} }} }}'
    player = (await school.ask_gamification(STUDENT).data(stats))["playerStats"]
    assert [one["reason"] for one in player["recentXp"]].count("Completed beginner lesson") == 2
