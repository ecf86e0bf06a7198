"""The subgraph as clients and the gateway see it, and what each role may not do."""

from pathlib import Path
from typing import Any

import pytest

from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import AddMeetings, ChangePackage, CompleteClass
from subgraphs.classes.commands.teaching import AdjustCredit, MarkAttendance, UnlockLesson
from subgraphs.classes.domain.values import AttendanceStatus
from subgraphs.contracts.identity import UserDeleted
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.messaging.worker import Worker
from tests.subgraphs.classes.academy import (
    COURSE,
    LESSON,
    OTHER_LESSON,
    OTHER_STUDENT,
    OTHER_TUTOR,
    PRICE,
    STAFF,
    STUDENT,
    SUPER_ADMIN,
    TUTOR,
    Academy,
    open_academy,
)
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import codes, done, refusal

CREATE = {
    "type": "GROUP",
    "title": "Knots on Monday",
    "courseId": COURSE,
    "totalMeetings": 2,
    "price": {"amountMinor": 12000},
    "schedule": {
        "weekdays": ["MONDAY"],
        "at": "18:00",
        "startsOn": "2025-09-08",
        "timeZone": "Europe/Berlin",
    },
    "capacity": 8,
}


async def _run(academy: Academy, actor: Any, name: str, selection: str, **given: Any) -> dict[str, Any]:
    """A mutation's payload."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($i: {kind}!) {{ m: {name}(input: $i) {{ {selection} errors {{ code field }} }} }}"
    payload: dict[str, Any] = (await academy.client(actor).data(query, i=given))["m"]
    return payload


async def test_a_class_from_its_creation_to_its_end(academy: Academy) -> None:
    """Every command of section 3, as those who give it would."""
    made = await _run(academy, STAFF, "createClass", "class { id status instructor { id } }", **CREATE)
    assert made["errors"] == []
    assert made["class"]["instructor"] == {"id": TUTOR.id}
    id_ = made["class"]["id"]
    more = await _run(academy, STAFF, "addMeetings", "class { totalMeetings }", classId=id_, meetings=1)
    assert more["class"] == {"totalMeetings": 3}
    fewer = await _run(
        academy, STAFF, "changePackage", "class { totalMeetings }", classId=id_, totalMeetings=2
    )
    assert fewer["class"] == {"totalMeetings": 2}
    enrolled = await _run(
        academy,
        STAFF,
        "enrollStudentInClass",
        "enrollment { id creditBalance student { id } class { id } paymentAmount { amountMinor } }",
        classId=id_,
        studentId=STUDENT.id,
        paymentAmount={"amountMinor": 12000},
    )
    assert enrolled["enrollment"] == {
        "id": enrolled["enrollment"]["id"],
        "creditBalance": 2,
        "student": {"id": STUDENT.id},
        "class": {"id": id_},
        "paymentAmount": {"amountMinor": 12000},
    }
    begun = await _run(academy, TUTOR, "activateClass", "class { status activatedAt }", classId=id_)
    assert begun["class"]["status"] == "ACTIVE"
    attended = await _run(
        academy,
        TUTOR,
        "markAttendance",
        "enrollment { creditBalance presentCount lateCount }",
        classId=id_,
        studentId=STUDENT.id,
        meeting=1,
        status="LATE",
    )
    assert attended["enrollment"] == {
        "creditBalance": 1,
        "presentCount": 0,
        "lateCount": 1,
    }
    adjusted = await _run(
        academy,
        STAFF,
        "adjustCredit",
        "enrollment { creditLedger { nodes { number kind delta balance meeting reason enteredById } } }",
        classId=id_,
        studentId=STUDENT.id,
        delta=2,
        reason="The heating was broken",
    )
    assert adjusted["enrollment"]["creditLedger"]["nodes"] == [
        {
            "number": 3,
            "kind": "ADJUSTED",
            "delta": 2,
            "balance": 3,
            "meeting": None,
            "reason": "The heating was broken",
            "enteredById": STAFF.id,
        },
        {
            "number": 2,
            "kind": "DEDUCTED",
            "delta": -1,
            "balance": 1,
            "meeting": 1,
            "reason": None,
            "enteredById": TUTOR.id,
        },
        {
            "number": 1,
            "kind": "GRANTED",
            "delta": 2,
            "balance": 2,
            "meeting": None,
            "reason": None,
            "enteredById": STAFF.id,
        },
    ]
    unlocked = await _run(
        academy,
        TUTOR,
        "unlockLesson",
        "class { unlockedLessons { place lesson { id } } }",
        classId=id_,
        lessonId=LESSON,
    )
    assert unlocked["class"]["unlockedLessons"] == [{"place": 1, "lesson": {"id": LESSON}}]
    over = await _run(academy, TUTOR, "completeClass", "class { status }", classId=id_)
    assert over["class"] == {"status": "COMPLETED"}
    assert await academy.published() == [
        f"classes.{name}"
        for name in (
            "class_created",
            "package_changed",
            "package_changed",
            "student_enrolled",
            "class_activated",
            "attendance_marked",
            "credit_deducted",
            "credit_adjusted",
            "lesson_unlocked",
            "class_completed",
        )
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"courseId": LESSON}, "COURSE_NOT_FOUND"),
        ({"title": ""}, "INVALID_TITLE"),
        ({"totalMeetings": 0}, "INVALID_PACKAGE"),
        ({"capacity": 1}, "INVALID_CAPACITY"),
        ({"price": {"amountMinor": -1}}, "INVALID_AMOUNT"),
        ({"instructorId": "nobody"}, "INVALID_ID"),
        ({"schedule": {"weekdays": ["MONDAY"], "at": "18:00"}}, "START_REQUIRED"),
        ({"schedule": {"weekdays": [], "at": "18:00", "startsOn": "2025-09-08"}}, "INVALID_SCHEDULE"),
    ],
)
async def test_a_class_that_makes_no_sense_is_refused(
    academy: Academy, change: dict[str, Any], code: str
) -> None:
    made = await _run(academy, STAFF, "createClass", "class { id }", **{**CREATE, **change})
    assert [error["code"] for error in made["errors"]] == [code]


async def test_each_role_may_do_its_own_and_nothing_else(academy: Academy) -> None:
    """Section 21: staff create classes and enrolments; instructors teach their own classes."""
    id_ = await academy.group(STUDENT)
    mark = MarkAttendance(id_, STUDENT.id, 1, AttendanceStatus.PRESENT)
    manage = (
        EnrollStudent(id_, OTHER_STUDENT.id, PRICE),
        AddMeetings(id_, 1),
        ChangePackage(id_, 4),
        AdjustCredit(id_, STUDENT.id, 1, "why not"),
    )
    for actor in (STUDENT, TUTOR, OTHER_TUTOR):
        assert [refusal(await academy.by(actor, one)) for one in manage] == ["FORBIDDEN"] * 4
    for actor in (STUDENT, OTHER_TUTOR):
        assert refusal(await academy.by(actor, mark)) == "FORBIDDEN"
        assert refusal(await academy.by(actor, CompleteClass(id_))) == "FORBIDDEN"
    private = await academy.private(OTHER_STUDENT)
    for class_id in (private, COURSE):  # whether there is a private class, only those know who belong to it
        unlock, complete = UnlockLesson(class_id, LESSON), CompleteClass(class_id)
        both = [refusal(await academy.by(OTHER_TUTOR, one)) for one in (unlock, complete)]
        assert both == ["CLASS_NOT_FOUND"] * 2
    assert refusal(await academy.by(None, mark)) == "UNAUTHENTICATED"
    done(await academy.by(TUTOR, mark))
    done(await academy.by(STAFF, MarkAttendance(id_, STUDENT.id, 2, AttendanceStatus.PRESENT)))
    for actor in (STAFF, SUPER_ADMIN, OTHER_TUTOR):
        assert refusal(await academy.by(actor, UnlockLesson(id_, LESSON))) == "UNAUTHORIZED_UNLOCK"
    done(await academy.by(TUTOR, UnlockLesson(id_, LESSON)))


async def test_of_who_is_deleted_the_ledger_keeps_the_numbers(academy: Academy) -> None:
    id_ = await academy.group(STUDENT, OTHER_STUDENT)
    for student in (STUDENT, OTHER_STUDENT):
        done(await academy.by(STAFF, AdjustCredit(id_, student.id, 1, "was ill")))
    async with academy.platform.transactions.begin("identity", RequestContext(SYSTEM, "gone")) as work:
        work.publish(UserDeleted(STUDENT.id, academy.clock.now()), key=STUDENT.id)
    await Worker(academy.platform.transactions).drain()
    query = """query ($id: ID!) { classRoster(classId: $id) { nodes {
        student { id } creditBalance creditLedger(first: 1) { nodes { delta reason } }
    } } }"""
    found = (await academy.client(STAFF).data(query, id=id_))["classRoster"]["nodes"]
    ledgers = {one["student"]["id"]: (one["creditBalance"], one["creditLedger"]["nodes"]) for one in found}
    assert ledgers == {
        STUDENT.id: (4, [{"delta": 1, "reason": None}]),
        OTHER_STUDENT.id: (4, [{"delta": 1, "reason": "was ill"}]),
    }


async def test_errors_have_the_codes_of_section_3(academy: Academy) -> None:
    """ClassFull, EnrollmentClosed, PackageLimitReached, UnauthorizedUnlock, ClassNotFound."""
    group, private = await academy.group(STUDENT, meetings=1), await academy.private(STUDENT)
    enroll = (EnrollStudent(id_, OTHER_STUDENT.id, PRICE) for id_ in (group, private, LESSON))
    assert [refusal(await academy.by(STAFF, one)) for one in enroll] == [
        "ENROLLMENT_CLOSED",
        "CLASS_FULL",
        "CLASS_NOT_FOUND",
    ]
    assert refusal(await academy.by(TUTOR, UnlockLesson(group, COURSE))) == "LESSON_NOT_FOUND"
    done(await academy.by(TUTOR, UnlockLesson(group, LESSON)))
    assert refusal(await academy.by(TUTOR, UnlockLesson(group, OTHER_LESSON))) == "PACKAGE_LIMIT_REACHED"
    assert refusal(await academy.by(STAFF, ChangePackage(group, 3))) == "PACKAGE_FROZEN"
    done(await academy.by(STAFF, AddMeetings(private, 2)))


async def test_a_private_class_is_seen_by_those_who_belong_to_it(academy: Academy) -> None:
    private, group = await academy.private(STUDENT), await academy.group(STUDENT)
    query = """query ($id: ID!) {
        classDetail(id: $id) { id } classList { nodes { id } }
    }"""
    for actor in (STUDENT, TUTOR, STAFF):
        seen = await academy.client(actor).data(query, id=private)
        assert seen["classDetail"] == {"id": private}
        assert {node["id"] for node in seen["classList"]["nodes"]} == {private, group}
    for stranger in (OTHER_STUDENT, OTHER_TUTOR, None):
        hidden = await academy.client(stranger).data(query, id=private)
        assert hidden == {"classDetail": None, "classList": {"nodes": [{"id": group}]}}


async def test_the_roster_is_for_the_instructor_and_the_staff(academy: Academy) -> None:
    id_ = await academy.group(STUDENT, OTHER_STUDENT)
    for meeting, status in ((1, "PRESENT"), (2, "ABSENT"), (2, "LATE")):
        done(await academy.by(TUTOR, MarkAttendance(id_, STUDENT.id, meeting, AttendanceStatus(status))))
    done(await academy.by(TUTOR, MarkAttendance(id_, OTHER_STUDENT.id, 1, AttendanceStatus.ABSENT)))
    query = """query ($id: ID!) {
        classRoster(classId: $id) {
          nodes {
            student { id } creditBalance presentCount lateCount absentCount attendance { meeting status }
          }
        }
        attendanceReport(classId: $id) { meeting presentCount lateCount absentCount }
    }"""
    found = await academy.client(TUTOR).data(query, id=id_)
    by_student = {node["student"]["id"]: node for node in found["classRoster"]["nodes"]}
    assert by_student[STUDENT.id] == {
        "student": {"id": STUDENT.id},
        "creditBalance": 1,
        "presentCount": 1,
        "lateCount": 1,
        "absentCount": 0,
        "attendance": [{"meeting": 1, "status": "PRESENT"}, {"meeting": 2, "status": "LATE"}],
    }
    assert by_student[OTHER_STUDENT.id]["creditBalance"] == 3
    assert found["attendanceReport"] == [
        {"meeting": 1, "presentCount": 1, "lateCount": 0, "absentCount": 1},
        {"meeting": 2, "presentCount": 0, "lateCount": 1, "absentCount": 0},
    ]
    assert await academy.client(STAFF).data(query, id=id_) == found
    for actor in (STUDENT, OTHER_TUTOR):
        assert codes(await academy.client(actor).execute(query, id=id_)) == ["FORBIDDEN", "FORBIDDEN"]


async def test_a_student_sees_how_they_stand_and_nobody_elses_standing(academy: Academy) -> None:
    id_ = await academy.group(STUDENT, OTHER_STUDENT)
    done(await academy.by(TUTOR, UnlockLesson(id_, LESSON)))
    query = """query ($id: ID!, $student: ID) {
        creditBalance(classId: $id, studentId: $student) { creditBalance }
        classDetail(id: $id) { myEnrollment { student { id } } }
        unlockedLessons(classId: $id) { lesson { id } }
    }"""
    own = await academy.client(STUDENT).data(query, id=id_)
    assert own == {
        "creditBalance": {"creditBalance": 3},
        "classDetail": {"myEnrollment": {"student": {"id": STUDENT.id}}},
        "unlockedLessons": [{"lesson": {"id": LESSON}}],
    }
    nosy = await academy.client(STUDENT).data(query, id=id_, student=OTHER_STUDENT.id)
    assert nosy["creditBalance"] is None
    stranger = await academy.client(OTHER_TUTOR).data(query, id=id_, student=STUDENT.id)
    assert (stranger["creditBalance"], stranger["unlockedLessons"]) == (None, [])


ENTITIES = """
    query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on Class { id title enrolledCount roster { nodes { id creditLedger { nodes { delta } } } } }
        ... on ClassEnrollment { creditBalance class { title } attendance { meeting } isPaid payments { id } }
        ... on Course { classes { nodes { id } } }
        ... on User { classes { nodes { id } } classesTaught { nodes { id } } }
    } }
"""


async def test_other_contexts_entities_have_classes(academy: Academy) -> None:
    ids = [await academy.group(STUDENT) for _ in range(2)]
    answer = await academy.client(STAFF).execute(
        ENTITIES,
        r=[
            {"__typename": "Course", "id": COURSE},
            {"__typename": "User", "id": STUDENT.id},
            {"__typename": "User", "id": TUTOR.id},
            {"__typename": "Class", "id": ids[0]},
            {"__typename": "Class", "id": LESSON},
        ],
    )
    course, student, tutor, one, none = answer["data"]["_entities"]
    assert codes(answer) == ["ENTITY_NOT_FOUND"]
    assert {node["id"] for node in course["classes"]["nodes"]} == set(ids)
    assert {node["id"] for node in student["classes"]["nodes"]} == set(ids)
    assert student["classesTaught"]["nodes"] == []
    assert {node["id"] for node in tutor["classesTaught"]["nodes"]} == set(ids)
    assert (one["enrolledCount"], none) == (1, None)
    assert one["roster"]["nodes"][0]["creditLedger"]["nodes"] == [{"delta": 3}]


@pytest.mark.parametrize("actor", [STUDENT, TUTOR, STAFF])
async def test_whoever_asks_finds_the_classes_that_they_may_see(academy: Academy, actor: Actor) -> None:
    ids = [await academy.group(STUDENT) for _ in range(2)]
    people = [{"__typename": "User", "id": one.id} for one in (STUDENT, TUTOR)]
    student, tutor = (await academy.client(actor).data(ENTITIES, r=people))["_entities"]
    seen = {node["id"] for node in tutor["classesTaught"]["nodes"]}
    assert seen == set(ids)
    if actor is not TUTOR:
        assert {node["id"] for node in student["classes"]["nodes"]} == seen


@pytest.mark.parametrize("kind", ["Class", "ClassEnrollment", "Course", "User"])
async def test_many_entities_cost_as_many_statements_as_one(academy: Academy, kind: str) -> None:
    ids = [await academy.group(STUDENT, OTHER_STUDENT) for _ in range(3)]
    enrolled = "query ($id: ID!) { classRoster(classId: $id) { nodes { id } } }"
    roster = (await academy.client(STAFF).data(enrolled, id=ids[0]))["classRoster"]["nodes"]
    of_kind = {
        "Class": ids,
        "ClassEnrollment": [one["id"] for one in roster],
        "Course": [COURSE, LESSON, OTHER_LESSON],
        "User": [STUDENT.id, TUTOR.id, STAFF.id],
    }

    async def statements(wanted: list[str]) -> int:
        with selects() as made:
            await academy.client(STAFF).data(ENTITIES, r=[{"__typename": kind, "id": one} for one in wanted])
        return len(made)

    assert await statements(of_kind[kind][:1]) == await statements(of_kind[kind])


async def test_lists_are_cursor_connections(academy: Academy) -> None:
    ids = [await academy.group(STUDENT, active=False) for _ in range(3)]
    query = """query ($after: String, $r: [_Any!]!) {
        classList(first: 2, after: $after, status: OPEN) { nodes { id } pageInfo { hasNextPage endCursor } }
        _entities(representations: $r) {
          ... on Course { classes(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage } } }
        }
    }"""
    course = [{"__typename": "Course", "id": COURSE}]
    first = await academy.client().data(query, r=course)
    rest = await academy.client().data(query, r=course, after=first["classList"]["pageInfo"]["endCursor"])
    listed = [*first["classList"]["nodes"], *rest["classList"]["nodes"]]
    assert sorted(node["id"] for node in listed) == sorted(ids)
    [of_course], [rest_of_course] = first["_entities"], rest["_entities"]
    assert [*of_course["classes"]["nodes"], *rest_of_course["classes"]["nodes"]] == listed
    assert of_course["classes"]["pageInfo"]["hasNextPage"]
    assert codes(await academy.client().execute(query, r=course, after="nonsense"))[0] == "INVALID_CURSOR"


async def test_the_essentials_hold_on_each_database(store: str, tmp_path: Path) -> None:
    async with open_academy(tmp_path, database_url=store) as academy:
        id_ = await academy.group(STUDENT, OTHER_STUDENT)
        for status in (AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.LATE):
            done(await academy.by(TUTOR, MarkAttendance(id_, STUDENT.id, 1, status)))
        done(await academy.by(STAFF, AdjustCredit(id_, STUDENT.id, 1, "ill")))
        found = await academy.client(STAFF).data(
            ENTITIES, r=[{"__typename": "Class", "id": id_}, {"__typename": "Course", "id": COURSE}]
        )
        ledgers = [
            [line["delta"] for line in one["creditLedger"]["nodes"]]
            for one in found["_entities"][0]["roster"]["nodes"]
        ]
        assert sorted(ledgers) == [[1, -1, 1, -1, 3], [3]]
