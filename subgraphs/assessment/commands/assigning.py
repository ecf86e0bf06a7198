"""Setting assignments."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.assessment.access import may_grade
from subgraphs.assessment.domain.assignment import Assignment
from subgraphs.assessment.domain.errors import (
    ASSIGNMENT_NOT_FOUND,
    CLASS_NOT_FOUND,
    COURSE_NOT_FOUND,
)
from subgraphs.assessment.domain.identifiers import AssignmentId, ClassId, CourseId, InstructorId
from subgraphs.assessment.domain.values import Due, Points, Prose, SubmissionType, Title
from subgraphs.assessment.repository.assignments import find_assignment, is_graded, save_assignment
from subgraphs.assessment.repository.places import instructor_of, tutor_of
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CreateAssignment(Command[AssignmentId]):
    """Ask the students of a course, or of one class of it, for something."""

    course_id: str
    title: str
    instructions: str
    submission_types: tuple[SubmissionType, ...]
    class_id: str | None = None
    max_points: int = 100
    due_at: datetime | None = None
    takes_late: bool = True
    takes_again: bool = True


@dataclass(frozen=True, slots=True)
class UpdateAssignment(Command[AssignmentId]):
    """Change what is not None."""

    assignment_id: str
    title: str | None = None
    instructions: str | None = None
    max_points: int | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class CloseAssignment(Command[AssignmentId]):
    """Take nothing more."""

    assignment_id: str


async def create_assignment(
    command: CreateAssignment, work: UnitOfWork, request: RequestContext
) -> Result[AssignmentId, DomainError]:
    parsed = (
        await _instructor(command, work, request),
        Title.parse(command.title),
        Prose.parse(command.instructions, field="instructions"),
        Points.of(command.max_points),
    )
    match parsed:
        case (
            Success(value=instructor_id),
            Success(value=title),
            Success(value=instructions),
            Success(value=max_points),
        ):
            created = Assignment.create(
                AssignmentId.new(work.ids),
                course_id=CourseId(command.course_id),
                class_id=ClassId(command.class_id) if command.class_id is not None else None,
                instructor_id=instructor_id,
                title=title,
                instructions=instructions,
                submission_types=command.submission_types,
                max_points=max_points,
                due_at=command.due_at,
                takes_late=command.takes_late,
                takes_again=command.takes_again,
                at=work.now,
            )
        case _:
            return next(one for one in parsed if isinstance(one, Failure))
    if isinstance(created, Failure):
        return created
    await save_assignment(work, created.value)
    return Success(created.value.id)


async def update_assignment(
    command: UpdateAssignment, work: UnitOfWork, request: RequestContext
) -> Result[AssignmentId, DomainError]:
    found = await assignment_to_see_to(AssignmentId(command.assignment_id), work, request)
    title = None if command.title is None else Title.parse(command.title)
    instructions = (
        None if command.instructions is None else Prose.parse(command.instructions, field="instructions")
    )
    max_points = None if command.max_points is None else Points.of(command.max_points)
    for one in (found, title, instructions, max_points):
        if isinstance(one, Failure):
            return one
    assert isinstance(found, Success)
    assignment = found.value
    updated = assignment.update(
        title=title.value if isinstance(title, Success) else None,
        instructions=instructions.value if isinstance(instructions, Success) else None,
        max_points=max_points.value if isinstance(max_points, Success) else None,
        due=command.due,
        is_graded=await is_graded(work.connection, assignment.id),
        at=work.now,
    )
    return await _save(assignment, updated, work)


async def close_assignment(
    command: CloseAssignment, work: UnitOfWork, request: RequestContext
) -> Result[AssignmentId, DomainError]:
    match await assignment_to_see_to(AssignmentId(command.assignment_id), work, request):
        case Failure() as failure:
            return failure
        case Success(value=assignment):
            return await _save(assignment, assignment.close(at=work.now), work)


async def assignment_to_see_to(
    assignment_id: AssignmentId, work: UnitOfWork, request: RequestContext
) -> Result[Assignment, DomainError]:
    """An assignment that the acting instructor sees to; others do not see it. ASSIGNMENT_NOT_FOUND."""
    assignment = await find_assignment(work.connection, assignment_id)
    if assignment is None or not may_grade(request.actor, instructor_id=str(assignment.instructor_id)):
        return Failure(ASSIGNMENT_NOT_FOUND)
    return Success(assignment)


async def _instructor(
    command: CreateAssignment, work: UnitOfWork, request: RequestContext
) -> Result[InstructorId, DomainError]:
    """Whose assignment it becomes: that of who teaches the class, or else the course. Whether there is a
    draft or a private class of somebody else's is not told. COURSE_NOT_FOUND, CLASS_NOT_FOUND."""
    course_id = CourseId(command.course_id)
    instructor_id, missing = await tutor_of(work.connection, course_id), COURSE_NOT_FOUND
    if instructor_id is not None and command.class_id is not None:
        class_id = ClassId(command.class_id)
        instructor_id, missing = await instructor_of(work.connection, class_id, course_id), CLASS_NOT_FOUND
    if instructor_id is None or not may_grade(request.actor, instructor_id=str(instructor_id)):
        return Failure(missing)
    return Success(instructor_id)


async def _save(
    assignment: Assignment, changed: Result[None, DomainError], work: UnitOfWork
) -> Result[AssignmentId, DomainError]:
    if isinstance(changed, Failure):
        return changed
    await save_assignment(work, assignment)
    return Success(assignment.id)
