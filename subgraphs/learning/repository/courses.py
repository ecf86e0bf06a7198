"""Courses in the database. Content is only ever added, so the events say which rows are new."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Currency, DomainEvent, Money
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.learning import tables
from subgraphs.learning.domain.course import Course, Exercise, Lesson, Section
from subgraphs.learning.domain.events import ExerciseAdded, LessonAdded, SectionAdded
from subgraphs.learning.domain.identifiers import CourseId, ExerciseId, LessonId, SectionId, TutorId
from subgraphs.learning.domain.values import (
    CourseStatus,
    Description,
    Difficulty,
    ExerciseType,
    LessonContent,
    Prose,
    Subject,
    Title,
)
from subgraphs.learning.repository.recording import record
from subgraphs.learning.repository.tasks import task_from_json, task_to_json


async def find_course(connection: AsyncConnection, course_id: CourseId) -> Course | None:
    """The course with everything in it."""
    return await _find(connection, tables.course.c.id == str(course_id))


async def find_course_of_section(connection: AsyncConnection, section_id: SectionId) -> Course | None:
    """The course that a section belongs to."""
    return await _find_by_part(connection, tables.section, str(section_id))


async def find_course_of_lesson(connection: AsyncConnection, lesson_id: LessonId) -> Course | None:
    """The course that a lesson belongs to."""
    return await _find_by_part(connection, tables.lesson, str(lesson_id))


async def find_course_of_exercise(connection: AsyncConnection, exercise_id: ExerciseId) -> Course | None:
    """The course that an exercise belongs to."""
    return await _find_by_part(connection, tables.exercise, str(exercise_id))


async def save_course(work: UnitOfWork, course: Course) -> None:
    """Store a new or changed course. ConcurrencyConflict when it was changed meanwhile."""
    events = course.pull_events()
    values = {
        "tutor_id": str(course.tutor_id),
        "title": str(course.title),
        "description": str(course.description),
        "subject": str(course.subject),
        "difficulty": course.difficulty,
        "price_amount_minor": course.price.amount_minor,
        "price_currency": course.price.currency.code,
        "status": course.status,
        "created_at": course.created_at,
        "updated_at": course.updated_at,
        "published_at": course.published_at,
    }
    await save_versioned(work, tables.course, course, values)
    await _insert_content(work.connection, events)
    await record(work, events)


async def _insert_content(connection: AsyncConnection, events: Iterable[DomainEvent]) -> None:
    for event in events:
        match event:
            case SectionAdded():
                row = {
                    "id": str(event.section_id),
                    "course_id": str(event.course_id),
                    "position": event.position,
                    "title": str(event.title),
                }
                await connection.execute(insert(tables.section).values(row))
            case LessonAdded():
                row = {
                    "id": str(event.lesson_id),
                    "course_id": str(event.course_id),
                    "section_id": str(event.section_id),
                    "position": event.position,
                    "title": str(event.title),
                    "content": str(event.content),
                }
                await connection.execute(insert(tables.lesson).values(row))
            case ExerciseAdded():
                row = {
                    "id": str(event.exercise_id),
                    "course_id": str(event.course_id),
                    "lesson_id": str(event.lesson_id),
                    "position": event.position,
                    "type": event.type,
                    "title": str(event.title),
                    "instructions": str(event.instructions),
                    "task": task_to_json(event.task),
                }
                await connection.execute(insert(tables.exercise).values(row))


async def _find_by_part(connection: AsyncConnection, part: Table, part_id: str) -> Course | None:
    owner = select(part.c.course_id).where(part.c.id == part_id).scalar_subquery()
    return await _find(connection, tables.course.c.id == owner)


async def _find(connection: AsyncConnection, condition: ColumnElement[bool]) -> Course | None:
    row = (await connection.execute(select(tables.course).where(condition))).one_or_none()
    if row is None:
        return None
    exercises: dict[str, list[Exercise]] = {}
    for part in await _parts(connection, tables.exercise, row.id):
        exercises.setdefault(part.lesson_id, []).append(
            Exercise(
                id=ExerciseId(part.id),
                type=ExerciseType(part.type),
                title=Title(part.title),
                instructions=Prose(part.instructions),
                task=task_from_json(part.task, ExerciseType(part.type)),
            )
        )
    lessons: dict[str, list[Lesson]] = {}
    for part in await _parts(connection, tables.lesson, row.id):
        lessons.setdefault(part.section_id, []).append(
            Lesson(
                id=LessonId(part.id),
                title=Title(part.title),
                content=LessonContent(part.content),
                exercises=exercises.get(part.id, []),
            )
        )
    sections = [
        Section(id=SectionId(part.id), title=Title(part.title), lessons=lessons.get(part.id, []))
        for part in await _parts(connection, tables.section, row.id)
    ]
    return _course(row, sections)


async def _parts(connection: AsyncConnection, part: Table, course_id: str) -> Iterable[Row[Any]]:
    return await connection.execute(
        select(part).where(part.c.course_id == course_id).order_by(part.c.position)
    )


def _course(row: Row[Any], sections: list[Section]) -> Course:
    return Course(
        id=CourseId(row.id),
        version=row.version,
        tutor_id=TutorId(row.tutor_id),
        title=Title(row.title),
        description=Description(row.description),
        subject=Subject(row.subject),
        difficulty=Difficulty(row.difficulty),
        price=Money(row.price_amount_minor, Currency(row.price_currency)),
        status=CourseStatus(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
        sections=sections,
    )
