"""Submissions in the database. Feedback is only ever added, so the events say which rows are new."""

from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.domain.events import FeedbackGiven, SubmissionGraded, SubmissionReceived
from subgraphs.assessment.domain.identifiers import (
    AssignmentId,
    FeedbackId,
    InstructorId,
    StudentId,
    SubmissionId,
)
from subgraphs.assessment.domain.submission import Feedback, Submission
from subgraphs.assessment.domain.values import Grade, Prose, SubmissionType, Work
from subgraphs.assessment.tables import feedback, submission
from subgraphs.contracts import assessment as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


async def find_submission(connection: AsyncConnection, submission_id: SubmissionId) -> Submission | None:
    return await _find(connection, submission.c.id == str(submission_id))


async def find_submission_of(
    connection: AsyncConnection, assignment_id: AssignmentId, student_id: StudentId
) -> Submission | None:
    """The one that a student has handed in for an assignment."""
    return await _find(
        connection,
        submission.c.assignment_id == str(assignment_id),
        submission.c.student_id == str(student_id),
    )


async def save_submission(work: UnitOfWork, one: Submission) -> None:
    """Store a new or changed submission and tell of what has happened to it. ConcurrencyConflict."""
    events = one.pull_events()
    if not events:
        return
    values = {
        "type": one.work.type,
        "content": one.work.content,
        "attempt": one.attempt,
        "submitted_at": one.submitted_at,
        "points": one.grade.points if one.grade else None,
        "max_points": one.grade.max_points if one.grade else None,
        "graded_by": str(one.graded_by) if one.graded_by else None,
        "graded_at": one.graded_at,
    }
    once = {"assignment_id": str(one.assignment_id), "student_id": str(one.student_id)}
    await save_versioned(work, submission, one, values, once=once)
    for event in events:
        if isinstance(event, FeedbackGiven):
            row = {
                "id": str(event.feedback_id),
                "submission_id": str(event.submission_id),
                "text": str(event.text),
                "given_by": str(event.given_by),
                "given_at": event.occurred_at,
            }
            await work.connection.execute(insert(feedback).values(row))
        _publish(event, work)


def _publish(event: DomainEvent, work: UnitOfWork) -> None:
    match event:
        case SubmissionReceived():
            work.publish(
                contract.SubmissionReceived(
                    submission_id=str(event.submission_id),
                    assignment_id=str(event.assignment_id),
                    student_id=str(event.student_id),
                    instructor_id=str(event.instructor_id),
                    is_late=event.is_late,
                    submitted_at=event.occurred_at,
                ),
                key=str(event.submission_id),
            )
        case SubmissionGraded():
            work.publish(
                contract.SubmissionGraded(
                    submission_id=str(event.submission_id),
                    assignment_id=str(event.assignment_id),
                    student_id=str(event.student_id),
                    points=event.grade.points,
                    max_points=event.grade.max_points,
                    graded_by=str(event.graded_by),
                    graded_at=event.occurred_at,
                ),
                key=str(event.submission_id),
            )
        case FeedbackGiven():
            work.publish(
                contract.FeedbackGiven(
                    submission_id=str(event.submission_id),
                    assignment_id=str(event.assignment_id),
                    student_id=str(event.student_id),
                    given_by=str(event.given_by),
                    given_at=event.occurred_at,
                ),
                key=str(event.submission_id),
            )


async def _find(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> Submission | None:
    row = (await connection.execute(select(submission).where(*conditions))).one_or_none()
    if row is None:
        return None
    said = await connection.execute(
        select(feedback)
        .where(feedback.c.submission_id == row.id)
        .order_by(feedback.c.given_at, feedback.c.id)
    )
    return _submission(row, [_feedback(one) for one in said])


def _submission(row: Row[Any], said: list[Feedback]) -> Submission:
    return Submission(
        id=SubmissionId(row.id),
        version=row.version,
        assignment_id=AssignmentId(row.assignment_id),
        student_id=StudentId(row.student_id),
        work=Work(SubmissionType(row.type), row.content),
        attempt=row.attempt,
        submitted_at=row.submitted_at,
        grade=Grade(row.points, row.max_points) if row.points is not None else None,
        graded_by=InstructorId(row.graded_by) if row.graded_by else None,
        graded_at=row.graded_at,
        feedback=said,
    )


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback(
        id=FeedbackId(row.id),
        text=Prose(row.text),
        given_by=InstructorId(row.given_by),
        given_at=row.given_at,
    )
