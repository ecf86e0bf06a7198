"""Assignments in the database."""

from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.domain.assignment import Assignment
from subgraphs.assessment.domain.events import AssignmentCreated, AssignmentUpdated
from subgraphs.assessment.domain.identifiers import AssignmentId, ClassId, CourseId, InstructorId
from subgraphs.assessment.domain.values import AssignmentStatus, Points, Prose, SubmissionType, Title
from subgraphs.assessment.tables import assignment, submission
from subgraphs.contracts import assessment as contract
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


async def find_assignment(connection: AsyncConnection, assignment_id: AssignmentId) -> Assignment | None:
    row = (
        await connection.execute(select(assignment).where(assignment.c.id == str(assignment_id)))
    ).one_or_none()
    return _assignment(row) if row else None


async def is_graded(connection: AsyncConnection, assignment_id: AssignmentId) -> bool:
    """Whether anything that was handed in for it has a grade."""
    graded = exists().where(
        submission.c.assignment_id == str(assignment_id), submission.c.points.is_not(None)
    )
    return bool(await connection.scalar(select(graded)))


async def save_assignment(work: UnitOfWork, one: Assignment) -> None:
    """Store a new or changed assignment, and tell of it. ConcurrencyConflict."""
    values = {
        "title": str(one.title),
        "instructions": str(one.instructions),
        "max_points": one.max_points.number,
        "due_at": one.due_at,
        "status": one.status,
        "updated_at": one.updated_at,
    }
    once = {
        "course_id": str(one.course_id),
        "class_id": str(one.class_id) if one.class_id else None,
        "instructor_id": str(one.instructor_id),
        "submission_types": ",".join(one.submission_types),
        "takes_late": one.takes_late,
        "takes_again": one.takes_again,
        "created_at": one.created_at,
    }
    await save_versioned(work, assignment, one, values, once=once)
    for event in one.pull_events():
        match event:
            case AssignmentCreated():
                told = contract.AssignmentCreated(
                    assignment_id=str(event.assignment_id),
                    course_id=str(event.course_id),
                    instructor_id=str(event.instructor_id),
                    title=str(event.title),
                    created_at=event.occurred_at,
                    class_id=str(event.class_id) if event.class_id else None,
                    due_at=event.due_at,
                )
                work.publish(told, key=str(event.assignment_id))
            case AssignmentUpdated():
                changed = contract.AssignmentUpdated(
                    assignment_id=str(event.assignment_id),
                    course_id=str(event.course_id),
                    instructor_id=str(event.instructor_id),
                    title=str(event.title),
                    updated_at=event.occurred_at,
                    class_id=str(event.class_id) if event.class_id else None,
                    due_at=event.due_at,
                )
                work.publish(changed, key=str(event.assignment_id))


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(
        id=AssignmentId(row.id),
        version=row.version,
        course_id=CourseId(row.course_id),
        class_id=ClassId(row.class_id) if row.class_id else None,
        instructor_id=InstructorId(row.instructor_id),
        title=Title(row.title),
        instructions=Prose(row.instructions),
        submission_types=tuple(map(SubmissionType, row.submission_types.split(","))),
        max_points=Points(row.max_points),
        due_at=row.due_at,
        takes_late=row.takes_late,
        takes_again=row.takes_again,
        status=AssignmentStatus(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
