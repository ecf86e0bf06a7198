"""What learning can be asked to do. Each mutation is a command; a refusal is in the payload's errors."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input

from typing import Final

import strawberry
from strawberry.federation.schema_directives import Cost

from subgraphs.contracts.scopes import COURSES_AUTHOR
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.mutations import carry_out
from subgraphs.kernel.graphql.versions import Versioned
from subgraphs.learning.api.attempts import (
    CodingSubmission,
    QuizAttempt,
    load_coding_submissions,
    load_quiz_attempts,
)
from subgraphs.learning.api.content import (
    Exercise,
    Lesson,
    Section,
    load_exercises,
    load_lessons,
    load_sections,
)
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.api.enrollments import (
    Enrollment,
    EnrollmentRequest,
    load_enrollment_requests,
    load_enrollments,
)
from subgraphs.learning.api.inputs import (
    AddExerciseInput,
    AddLessonInput,
    AddSectionInput,
    CancelEnrollmentInput,
    CompleteExerciseInput,
    CompleteLessonInput,
    CreateCourseInput,
    EnrollStudentInCourseInput,
    PublishCourseInput,
    RequestCourseEnrollmentInput,
    SubmitCodingExerciseInput,
    SubmitQuizInput,
    UpdateCourseInput,
)
from subgraphs.learning.api.progress import StudentProgress, load_progress

_AUTHORS: Final = [[COURSES_AUTHOR]]
_COST_OF_RUNNING: Final = 50


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
class SubmitQuizPayload(Versioned):
    quiz_attempt: QuizAttempt | None
    errors: list[UserError]


@strawberry.type
class SubmitCodingExercisePayload(Versioned):
    coding_submission: CodingSubmission | None
    errors: list[UserError]


@strawberry.type
class EnrollStudentInCoursePayload(Versioned):
    enrollment: Enrollment | None
    errors: list[UserError]


@strawberry.type
class RequestCourseEnrollmentPayload(Versioned):
    enrollment_request: EnrollmentRequest | None
    errors: list[UserError]


@strawberry.type
class CancelEnrollmentPayload(Versioned):
    enrollment: Enrollment | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_AUTHORS,
        description="Begin a course, as a draft. For tutors and staff.",
    )
    async def create_course(self, info: Info, input: CreateCourseInput) -> CreateCoursePayload:
        course, errors = await carry_out(info, input.command(), load_courses)
        return CreateCoursePayload(course=course, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True, requires_scopes=_AUTHORS, description="For the course's tutor and the staff."
    )
    async def update_course(self, info: Info, input: UpdateCourseInput) -> UpdateCoursePayload:
        course, errors = await carry_out(info, input.command(), load_courses)
        return UpdateCoursePayload(course=course, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_AUTHORS,
        description="Append a section. For the course's tutor and the staff.",
    )
    async def add_section(self, info: Info, input: AddSectionInput) -> AddSectionPayload:
        section, errors = await carry_out(info, input.command(), load_sections)
        return AddSectionPayload(section=section, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_AUTHORS,
        description="Append a lesson to a section. For the course's tutor and the staff.",
    )
    async def add_lesson(self, info: Info, input: AddLessonInput) -> AddLessonPayload:
        lesson, errors = await carry_out(info, input.command(), load_lessons)
        return AddLessonPayload(lesson=lesson, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_AUTHORS,
        description="Append an exercise to a lesson. For the course's tutor and the staff.",
    )
    async def add_exercise(self, info: Info, input: AddExerciseInput) -> AddExercisePayload:
        exercise, errors = await carry_out(info, input.command(), load_exercises)
        return AddExercisePayload(exercise=exercise, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_AUTHORS,
        description="Open a course to students. It needs a lesson with an exercise.",
    )
    async def publish_course(self, info: Info, input: PublishCourseInput) -> PublishCoursePayload:
        course, errors = await carry_out(info, input.command(), load_courses)
        return PublishCoursePayload(course=course, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Complete an exercise that nobody grades, of a course that you take. A second "
        "time changes nothing.",
    )
    async def complete_exercise(self, info: Info, input: CompleteExerciseInput) -> CompleteExercisePayload:
        progress, errors = await carry_out(info, input.command(), load_progress)
        return CompleteExercisePayload(student_progress=progress, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Complete a lesson without exercises; others are complete with their last exercise.",
    )
    async def complete_lesson(self, info: Info, input: CompleteLessonInput) -> CompleteLessonPayload:
        progress, errors = await carry_out(info, input.command(), load_progress)
        return CompleteLessonPayload(student_progress=progress, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Hand in answers. From 60 points on the quiz is done; with less you may try again.",
    )
    async def submit_quiz(self, info: Info, input: SubmitQuizInput) -> SubmitQuizPayload:
        attempt, errors = await carry_out(info, input.command(), load_quiz_attempts)
        return SubmitQuizPayload(quiz_attempt=attempt, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        directives=[Cost(weight=_COST_OF_RUNNING)],
        description="Hand in a program. It is run on the exercise's tests; the exercise is done when "
        "all are passed.",
    )
    async def submit_coding_exercise(
        self, info: Info, input: SubmitCodingExerciseInput
    ) -> SubmitCodingExercisePayload:
        submission, errors = await carry_out(info, input.command(), load_coding_submissions)
        return SubmitCodingExercisePayload(coding_submission=submission, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Take a free course, or one that you have paid for; the staff may enrol others.",
    )
    async def enroll_student_in_course(
        self, info: Info, input: EnrollStudentInCourseInput
    ) -> EnrollStudentInCoursePayload:
        enrollment, errors = await carry_out(info, input.command(), load_enrollments)
        return EnrollStudentInCoursePayload(enrollment=enrollment, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Ask to take a course, and pay for it. What becomes of that, the request will tell.",
    )
    async def request_course_enrollment(
        self, info: Info, input: RequestCourseEnrollmentInput
    ) -> RequestCourseEnrollmentPayload:
        request, errors = await carry_out(info, input.command(), load_enrollment_requests)
        return RequestCourseEnrollmentPayload(enrollment_request=request, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Leave a course, or (the staff) take somebody out of it. Refunds are up to the staff.",
    )
    async def cancel_enrollment(self, info: Info, input: CancelEnrollmentInput) -> CancelEnrollmentPayload:
        enrollment, errors = await carry_out(info, input.command(), load_enrollments)
        return CancelEnrollmentPayload(enrollment=enrollment, errors=errors)
