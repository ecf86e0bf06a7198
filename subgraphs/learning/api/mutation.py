"""What learning can be asked to do. Each mutation is a command; a refusal is in the payload's errors."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure, Identifier, Success
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.versions import Versioned
from subgraphs.learning.api.content import (
    Exercise,
    Lesson,
    Section,
    load_exercises,
    load_lessons,
    load_sections,
)
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.api.inputs import (
    AddExerciseInput,
    AddLessonInput,
    AddSectionInput,
    CompleteExerciseInput,
    CompleteLessonInput,
    CreateCourseInput,
    PublishCourseInput,
    UpdateCourseInput,
)
from subgraphs.learning.api.people import StudentProgress, load_progress

I = TypeVar("I", bound=Identifier)  # noqa: E741
E = TypeVar("E")


@strawberry.type
class CreateCoursePayload(Versioned):
    course: Course | None
    errors: list[UserError]


@strawberry.type
class UpdateCoursePayload(Versioned):
    course: Course | None
    errors: list[UserError]


@strawberry.type
class PublishCoursePayload(Versioned):
    course: Course | None
    errors: list[UserError]


@strawberry.type
class AddSectionPayload(Versioned):
    section: Section | None
    errors: list[UserError]


@strawberry.type
class AddLessonPayload(Versioned):
    lesson: Lesson | None
    errors: list[UserError]


@strawberry.type
class AddExercisePayload(Versioned):
    exercise: Exercise | None
    errors: list[UserError]


@strawberry.type
class CompleteExercisePayload(Versioned):
    student_progress: StudentProgress | None
    errors: list[UserError]


@strawberry.type
class CompleteLessonPayload(Versioned):
    student_progress: StudentProgress | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Begin a course, as a draft. For tutors and staff.")
    async def create_course(self, info: Info, input: CreateCourseInput) -> CreateCoursePayload:
        course, errors = await _execute(info, input.command(), load_courses)
        return CreateCoursePayload(course=course, errors=errors)

    @strawberry.mutation(description="For the course's tutor and the staff.")
    async def update_course(self, info: Info, input: UpdateCourseInput) -> UpdateCoursePayload:
        course, errors = await _execute(info, input.command(), load_courses)
        return UpdateCoursePayload(course=course, errors=errors)

    @strawberry.mutation(description="Append a section. For the course's tutor and the staff.")
    async def add_section(self, info: Info, input: AddSectionInput) -> AddSectionPayload:
        section, errors = await _execute(info, input.command(), load_sections)
        return AddSectionPayload(section=section, errors=errors)

    @strawberry.mutation(description="Append a lesson to a section. For the course's tutor and the staff.")
    async def add_lesson(self, info: Info, input: AddLessonInput) -> AddLessonPayload:
        lesson, errors = await _execute(info, input.command(), load_lessons)
        return AddLessonPayload(lesson=lesson, errors=errors)

    @strawberry.mutation(description="Append an exercise to a lesson. For the course's tutor and the staff.")
    async def add_exercise(self, info: Info, input: AddExerciseInput) -> AddExercisePayload:
        exercise, errors = await _execute(info, input.command(), load_exercises)
        return AddExercisePayload(exercise=exercise, errors=errors)

    @strawberry.mutation(description="Open a course to students. It needs a lesson with an exercise.")
    async def publish_course(self, info: Info, input: PublishCourseInput) -> PublishCoursePayload:
        course, errors = await _execute(info, input.command(), load_courses)
        return PublishCoursePayload(course=course, errors=errors)

    @strawberry.mutation(
        description="Complete an exercise of a published course. A second time changes nothing."
    )
    async def complete_exercise(self, info: Info, input: CompleteExerciseInput) -> CompleteExercisePayload:
        progress, errors = await _execute(info, input.command(), load_progress)
        return CompleteExercisePayload(student_progress=progress, errors=errors)

    @strawberry.mutation(
        description="Complete a lesson without exercises; others are complete with their last exercise."
    )
    async def complete_lesson(self, info: Info, input: CompleteLessonInput) -> CompleteLessonPayload:
        progress, errors = await _execute(info, input.command(), load_progress)
        return CompleteLessonPayload(student_progress=progress, errors=errors)


async def _execute(
    info: Info,
    command: Command[I],
    load: Callable[[GraphQLContext, list[str]], Awaitable[list[E | None]]],
) -> tuple[E | None, list[UserError]]:
    """Dispatch a command. Returns what it made or changed as it is now, or why nothing was changed."""
    match await info.context.execute(command):
        case Success(value=changed):
            [entity] = await load(info.context, [str(changed)])
            return entity, []
        case Failure(error=error):
            return None, [UserError.of(error)]
