"""Assignments from being set to being graded, through the graph and on a real database; and who may not."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from subgraphs.assessment.commands.assigning import CloseAssignment, CreateAssignment, UpdateAssignment
from subgraphs.assessment.commands.grading import GiveFeedback, GradeSubmission
from subgraphs.assessment.commands.submitting import SubmitAssignment
from subgraphs.assessment.domain.values import SubmissionType
from subgraphs.assessment.tables import feedback, metadata, submission
from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.learning import EnrollmentCancelled
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from tests.subgraphs.assessment.desk import (
    CLASS,
    COURSE,
    INSTRUCTOR,
    OTHER_TUTOR,
    PUPIL,
    STAFF,
    STRANGER,
    STUDENT,
    TEXT,
    TUTOR,
    Desk,
    open_desk,
)
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import codes, done, refused

CREATE = """
    mutation ($input: CreateAssignmentInput!) { createAssignment(input: $input) {
      assignment { id title submissionTypes maxPoints status course { id } class { id } instructor { id } }
      errors { code field }
    } }
"""
SUBMIT = """
    mutation ($input: SubmitAssignmentInput!) { submitAssignment(input: $input) {
      submission { id type content attempt isLate grade { points } } errors { code field }
    } }
"""
GRADE = """
    mutation ($grade: GradeSubmissionInput!, $feedback: GiveFeedbackInput!) {
      gradeSubmission(input: $grade) { submission { grade { points maxPoints percent } } errors { code } }
      giveFeedback(input: $feedback) { submission { feedback { text givenBy { id } } } errors { code } }
    }
"""
ASSIGNMENTS = """
    query ($course: ID!, $class: ID, $after: String) {
      assignments(courseId: $course, classId: $class, first: 2, after: $after) {
        nodes { title } pageInfo { hasNextPage endCursor }
      }
    }
"""
ENTITIES = """
    query ($r: [_Any!]!) { _entities(representations: $r) {
      __typename
      ... on Course { assignments { nodes { title mySubmission { content } } } }
      ... on Class { assignments { nodes { title } } }
      ... on User { submissions { nodes { content feedback { text } assignment { title } } } }
      ... on Assignment { title }
      ... on Submission { content }
    } }
"""


async def test_an_essay_is_set_handed_in_graded_and_talked_about(desk: Desk) -> None:
    created = await desk.ask(TUTOR).data(
        CREATE,
        input={
            "courseId": COURSE,
            "title": "Essay",
            "instructions": "Write.",
            "submissionTypes": ["LINK", "TEXT"],
            "maxPoints": 20,
        },
    )
    assignment = created["createAssignment"]["assignment"]
    assert assignment == {
        "id": assignment["id"],
        "title": "Essay",
        "submissionTypes": ["TEXT", "LINK"],
        "maxPoints": 20,
        "status": "OPEN",
        "course": {"id": COURSE},
        "class": None,
        "instructor": {"id": TUTOR.id},
    }
    work = {"assignmentId": assignment["id"], "type": "TEXT", "content": "Knots."}
    answer = (await desk.ask(STUDENT).data(SUBMIT, input=work))["submitAssignment"]
    submission = answer["submission"]
    assert (submission["attempt"], submission["isLate"], submission["grade"]) == (1, False, None)
    graded = await desk.ask(TUTOR).data(
        GRADE,
        grade={"submissionId": submission["id"], "points": 15},
        feedback={"submissionId": submission["id"], "text": "Good knots."},
    )
    assert graded["gradeSubmission"]["submission"]["grade"] == {"points": 15, "maxPoints": 20, "percent": 75}
    said = graded["giveFeedback"]["submission"]["feedback"]
    assert said == [{"text": "Good knots.", "givenBy": {"id": TUTOR.id}}]
    assert await _published(desk) == [
        ("assessment.assignment_created", assignment["id"]),
        ("assessment.submission_received", submission["id"]),
        ("assessment.submission_graded", submission["id"]),
        ("assessment.feedback_given", submission["id"]),
    ]
    again = (await desk.ask(STUDENT).data(SUBMIT, input=work))["submitAssignment"]
    assert again["errors"] == [{"code": "ALREADY_GRADED", "field": None}]


@pytest.mark.parametrize(
    ("actor", "class_id", "code"),
    [
        (None, None, "UNAUTHENTICATED"),
        (STUDENT, None, "FORBIDDEN"),
        (OTHER_TUTOR, None, "COURSE_NOT_FOUND"),
        (INSTRUCTOR, None, "COURSE_NOT_FOUND"),
        (TUTOR, CLASS, "CLASS_NOT_FOUND"),
        (TUTOR, "?", "CLASS_NOT_FOUND"),
        (INSTRUCTOR, CLASS, None),
        (STAFF, CLASS, None),
        (STAFF, None, None),
    ],
)
async def test_assignments_are_set_by_who_teaches(
    desk: Desk, actor: Actor | None, class_id: str | None, code: str | None
) -> None:
    command = CreateAssignment(COURSE, "Essay", "Write.", (TEXT,), class_id)
    result = await desk.by(actor, command)
    if code is None:
        done(result)
    else:
        assert refused(result)[0] == code


async def test_an_assignment_needs_a_course_and_makes_sense(desk: Desk) -> None:
    refusals = [
        refused(await desk.by(TUTOR, command))
        for command in (
            CreateAssignment("?", "Essay", "Write.", (TEXT,)),
            CreateAssignment(COURSE, " ", "Write.", (TEXT,)),
            CreateAssignment(COURSE, "Essay", " ", (TEXT,)),
            CreateAssignment(COURSE, "Essay", "Write.", ()),
            CreateAssignment(COURSE, "Essay", "Write.", (TEXT,), max_points=0),
            CreateAssignment(COURSE, "Essay", "Write.", (TEXT,), due_at=desk.clock.now()),
            UpdateAssignment("?", "Essay"),
            CloseAssignment("?"),
        )
    ]
    assert refusals == [
        ("COURSE_NOT_FOUND", "courseId"),
        ("INVALID_TITLE", "title"),
        ("INVALID_TEXT", "instructions"),
        ("SUBMISSION_TYPES_MISSING", "submissionTypes"),
        ("INVALID_POINTS", "maxPoints"),
        ("DUE_DATE_PAST", "dueAt"),
        ("ASSIGNMENT_NOT_FOUND", "assignmentId"),
        ("ASSIGNMENT_NOT_FOUND", "assignmentId"),
    ]


async def test_who_may_not_see_to_an_assignment(desk: Desk) -> None:
    assignment_id = await desk.assignment()
    submission_id = await desk.submission(assignment_id)
    commands: list[Command[Any]] = [
        UpdateAssignment(assignment_id, "Mine"),
        CloseAssignment(assignment_id),
        GradeSubmission(submission_id, 100),
        GiveFeedback(submission_id, "Well done, me."),
    ]
    for actor, code in ((None, "UNAUTHENTICATED"), (STUDENT, "FORBIDDEN")):
        assert [refused(await desk.by(actor, command))[0] for command in commands] == [code] * 4
    nowhere: list[Command[Any]] = [
        UpdateAssignment("?", "Mine"),
        CloseAssignment("?"),
        GradeSubmission("?", 100),
        GiveFeedback("?", "Well done, me."),
    ]
    for theirs, none in zip(commands, nowhere, strict=True):  # nobody learns what there is of others
        assert await desk.by(OTHER_TUTOR, theirs) == await desk.by(OTHER_TUTOR, none)
    for command in (*commands[2:], *commands[:2]):
        done(await desk.by(STAFF, command))


async def test_who_may_hand_in(desk: Desk) -> None:
    for_all = await desk.assignment()
    for_class = str(done(await desk.by(INSTRUCTOR, CreateAssignment(COURSE, "Talk", "Say.", (TEXT,), CLASS))))

    async def outcome(actor: Actor | None, assignment_id: str) -> str | None:
        result = await desk.by(actor, SubmitAssignment(assignment_id, TEXT, "Here."))
        return getattr(getattr(result, "error", None), "code", None)

    assert [await outcome(one, for_all) for one in (STUDENT, PUPIL, STRANGER, TUTOR, STAFF, None)] == [
        None,
        "NOT_ENROLLED",
        "NOT_ENROLLED",
        "FORBIDDEN",
        "FORBIDDEN",
        "UNAUTHENTICATED",
    ]
    assert [await outcome(one, for_class) for one in (PUPIL, STUDENT)] == [None, "NOT_ENROLLED"]
    assert await outcome(STUDENT, "?") == "ASSIGNMENT_NOT_FOUND"
    left = EnrollmentCancelled("enrollment", COURSE, STUDENT.id, "moved", desk.clock.now())
    await desk.hear("learning", left, key=STUDENT.id)
    assert await outcome(STUDENT, for_all) == "NOT_ENROLLED"
    await desk.enrolls(STUDENT)
    assert await outcome(STUDENT, for_all) is None


async def test_who_is_deleted_leaves_nothing_that_they_have_handed_in(desk: Desk) -> None:
    assignment_id = await desk.assignment()
    submission_id = await desk.submission(assignment_id)
    done(await desk.by(TUTOR, GradeSubmission(submission_id, 50)))
    done(await desk.by(TUTOR, GiveFeedback(submission_id, "You write as your brother does.")))
    await desk.hear("identity", UserDeleted(STUDENT.id, desk.clock.now()), key=STUDENT.id)
    async with desk.platform.database.read() as connection:
        for table in (submission, feedback):
            assert (await connection.execute(select(table))).all() == []
    again = await desk.by(STUDENT, SubmitAssignment(assignment_id, TEXT, "Still here."))
    assert refused(again)[0] == "NOT_ENROLLED"


async def test_one_submission_for_each_student_and_assignment(desk: Desk) -> None:
    due = desk.clock.now() + timedelta(days=1)
    assignment_id = await desk.assignment(due_at=due)
    first = await desk.submission(assignment_id, "A draft.")
    desk.clock.advance(timedelta(days=2))
    assert await desk.submission(assignment_id, "Better.") == first
    query = "query ($id: ID!) { submission(id: $id) { content attempt isLate student { id } } }"
    seen = (await desk.ask(STUDENT).data(query, id=first))["submission"]
    expected = {"content": "Better.", "attempt": 2, "isLate": True, "student": {"id": STUDENT.id}}
    assert seen == expected
    for actor in (TUTOR, STAFF):
        assert (await desk.ask(actor).data(query, id=first))["submission"] == expected
    for actor in (PUPIL, OTHER_TUTOR):
        assert (await desk.ask(actor).data(query, id=first))["submission"] is None
    once = await desk.assignment(takes_again=False, submission_types=(TEXT,))
    await desk.submission(once)
    again = await desk.by(STUDENT, SubmitAssignment(once, TEXT, "More."))
    assert refused(again)[0] == "ALREADY_SUBMITTED"
    link = await desk.by(STUDENT, SubmitAssignment(once, SubmissionType.LINK, "https://knots.example"))
    assert refused(link) == ("SUBMISSION_TYPE_NOT_ALLOWED", "type")


async def test_who_has_more_time_is_not_late(desk: Desk) -> None:
    """A due date is an instant, by whichever clock it was said; without a time zone it is UTC."""
    update = """
        mutation ($input: UpdateAssignmentInput!) { updateAssignment(input: $input) {
          assignment { title dueAt mySubmission { id } } errors { code field }
        } }
    """
    late = "query ($id: ID!) { submission(id: $id) { isLate } }"
    at_noon = desk.clock.now().replace(hour=12) + timedelta(days=1)
    assignment_id = await desk.assignment(due_at=at_noon)
    desk.clock.advance(at_noon + timedelta(minutes=1) - desk.clock.now())
    submission_id = await desk.submission(assignment_id)

    async def is_late_when_due(**given: Any) -> tuple[str | None, bool]:
        answer = await desk.ask(TUTOR).data(update, input={"assignmentId": assignment_id, **given})
        assert answer["updateAssignment"]["errors"] == []
        seen = (await desk.ask(STUDENT).data(late, id=submission_id))["submission"]["isLate"]
        return answer["updateAssignment"]["assignment"]["dueAt"], seen

    assert await is_late_when_due(title="Long essay") == (at_noon.isoformat(), True)
    in_tokyo = (at_noon + timedelta(hours=1)).astimezone(ZoneInfo("Asia/Tokyo"))
    later = (at_noon + timedelta(hours=1)).isoformat()
    assert await is_late_when_due(dueAt=in_tokyo.isoformat()) == (later, False)
    assert await is_late_when_due(dueAt=later.removesuffix("+00:00")) == (later, False)
    assert await is_late_when_due(dueAt=None) == (None, False)
    published = [kind for kind, _ in await _published(desk)]
    assert published.count("assessment.assignment_updated") == 4


async def test_what_is_handed_in_while_it_is_graded_is_read_first(desk: Desk) -> None:
    submission_id = await desk.submission(await desk.assignment())
    grade = """
        mutation ($input: GradeSubmissionInput!) { gradeSubmission(input: $input) {
          submission { attempt grade { points } } errors { code field }
        } }
    """
    for attempt, answer in (
        (2, {"submission": None, "errors": [{"code": "SUBMISSION_REPLACED", "field": "attempt"}]}),
        (1, {"submission": {"attempt": 1, "grade": {"points": 9}}, "errors": []}),
    ):
        given = {"submissionId": submission_id, "points": 9, "attempt": attempt}
        assert (await desk.ask(TUTOR).data(grade, input=given))["gradeSubmission"] == answer


async def test_assignments_are_seen_by_those_whose_business_they_are(desk: Desk) -> None:
    for number in range(3):
        await desk.assignment(title=f"Essay {number}")
        desk.clock.advance(timedelta(minutes=1))
    done(await desk.by(INSTRUCTOR, CreateAssignment(COURSE, "Talk", "Say.", (TEXT,), CLASS)))

    async def titles(actor: Actor, **variables: Any) -> list[str]:
        found: list[str] = []
        after = None
        while True:
            answer = await desk.ask(actor).data(ASSIGNMENTS, course=COURSE, after=after, **variables)
            part = answer["assignments"]
            found += [one["title"] for one in part["nodes"]]
            if not part["pageInfo"]["hasNextPage"]:
                return found
            after = part["pageInfo"]["endCursor"]

    essays = ["Essay 2", "Essay 1", "Essay 0"]
    assert await titles(STUDENT) == essays
    assert await titles(TUTOR) == essays
    assert await titles(STAFF) == ["Talk", *essays]
    assert await titles(PUPIL) == ["Talk"]
    assert await titles(PUPIL, **{"class": CLASS}) == ["Talk"]
    assert await titles(STRANGER) == []
    elsewhere = await desk.ask(PUPIL).data(ASSIGNMENTS, course="another", **{"class": CLASS})
    assert elsewhere["assignments"]["nodes"] == []
    visitor = await desk.ask(None).execute(ASSIGNMENTS, course=COURSE)
    assert visitor["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_what_was_handed_in_is_between_the_student_and_who_teaches(desk: Desk) -> None:
    assignment_id = await desk.assignment()
    submission_id = await desk.submission(assignment_id)
    done(await desk.by(TUTOR, GiveFeedback(submission_id, "Good.")))
    query = "query ($id: ID!) { submissions(assignmentId: $id) { nodes { content } } }"
    for actor in (TUTOR, STAFF):
        answer = await desk.ask(actor).data(query, id=assignment_id)
        assert answer["submissions"]["nodes"] == [{"content": "Knots."}]
    for actor in (STUDENT, OTHER_TUTOR):
        answer = await desk.ask(actor).execute(query, id=assignment_id)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    user = [{"__typename": "User", "id": STUDENT.id}]
    own = await desk.ask(STUDENT).data(ENTITIES, r=user)
    handed_in = {"content": "Knots.", "feedback": [{"text": "Good."}], "assignment": {"title": "Essay"}}
    assert own["_entities"][0]["submissions"]["nodes"] == [handed_in]
    assert (await desk.ask(OTHER_TUTOR).data(ENTITIES, r=user))["_entities"][0]["submissions"]["nodes"] == []
    others = await desk.ask(PUPIL).execute(ENTITIES, r=user)
    assert others["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_entities_are_loaded_together(desk: Desk) -> None:
    ids = [await desk.assignment(title=f"Essay {number}") for number in range(3)]
    submissions = [await desk.submission(one) for one in ids]

    async def statements(actor: Actor, *representations: dict[str, str]) -> int:
        with selects() as counted:
            entities = (await desk.ask(actor).data(ENTITIES, r=list(representations)))["_entities"]
        assert all(entities)
        return len(counted)

    assert await statements(TUTOR, *({"__typename": "Assignment", "id": one} for one in ids)) == 1
    assert await statements(TUTOR, *({"__typename": "Submission", "id": one} for one in submissions)) == 1
    places = [{"__typename": kind, "id": one} for kind, one in (("Course", COURSE), ("Class", CLASS))]
    assert await statements(STUDENT, *places) == 3  # of courses, of classes, and what was handed in
    users = [{"__typename": "User", "id": one.id} for one in (STUDENT, PUPIL)]
    assert await statements(STAFF, *users) == 3  # submissions, feedback, assignments
    nobody = [{"__typename": "Assignment", "id": ids[0]}, {"__typename": "Submission", "id": submissions[0]}]
    answer = await desk.ask(None).execute(ENTITIES, r=nobody)
    assert answer["data"]["_entities"] == [None, None]
    assert codes(answer) == ["ENTITY_NOT_FOUND"] * 2


async def test_points_stay_once_something_is_graded(desk: Desk) -> None:
    assignment_id = await desk.assignment()
    submission_id = await desk.submission(assignment_id)
    done(await desk.by(TUTOR, UpdateAssignment(assignment_id, max_points=50)))
    over = await desk.by(TUTOR, GradeSubmission(submission_id, 51))
    assert refused(over) == ("INVALID_GRADE", "points")
    done(await desk.by(TUTOR, GradeSubmission(submission_id, 50)))
    less = await desk.by(TUTOR, UpdateAssignment(assignment_id, max_points=40))
    assert refused(less) == ("ASSIGNMENT_GRADED", "maxPoints")
    done(await desk.by(TUTOR, CloseAssignment(assignment_id)))
    closed = await desk.by(STUDENT, SubmitAssignment(assignment_id, TEXT, "Late."))
    assert refused(closed)[0] == "ASSIGNMENT_CLOSED"


async def test_the_files_made_of_the_code_have_not_drifted_from_it(desk: Desk) -> None:
    assert await table_drift(desk.platform.database, "assessment", metadata) == []
    assert_sdl_is_exported(desk.assessment)


async def test_assessment_lives_on_postgresql_as_well(tmp_path: Path, postgres: TemporaryPostgres) -> None:
    url = postgres.url(await asyncio.to_thread(postgres.create))
    async with open_desk(tmp_path, database_url=url) as desk:
        await test_an_essay_is_set_handed_in_graded_and_talked_about(desk)
        assert await table_drift(desk.platform.database, "assessment", metadata) == []
    url = postgres.url(await asyncio.to_thread(postgres.create))
    async with open_desk(tmp_path, database_url=url) as desk:
        await test_assignments_are_seen_by_those_whose_business_they_are(desk)


async def _published(desk: Desk) -> list[tuple[str, str]]:
    """The types of assessment's messages, and what they are about."""
    async with desk.platform.database.read() as connection:
        rows = await connection.execute(
            select(outbox.c.type, outbox.c.data).where(outbox.c.source == "assessment").order_by(outbox.c.pos)
        )
        found = [(row.type, json.loads(row.data)) for row in rows]
        return [(kind, body.get("submission_id") or body["assignment_id"]) for kind, body in found]
