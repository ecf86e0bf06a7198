"""What can be asked of learning."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.pagination import (
    SIZED_BY_LIMIT,
    Page,
    PageLimit,
    PageNumber,
    PageOffset,
    numbered_page,
    page_request,
)
from subgraphs.learning.access import may_edit
from subgraphs.learning.api.content import Exercise, Lesson, load_exercises, load_lessons
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.api.enrollments import (
    Enrollment,
    EnrollmentRequest,
    load_enrollment_requests,
    load_enrollments,
)
from subgraphs.learning.api.people import load_student_progress
from subgraphs.learning.api.progress import StudentProgress
from subgraphs.learning.domain.values import Difficulty
from subgraphs.learning.queries.courses import (
    AllCoursesByTutor,
    CourseCatalog,
    CoursesBySubject,
    CoursesByTutor,
)
from subgraphs.learning.queries.enrollments import VerifyEnrollment


@strawberry.type
class Query:
    @strawberry.federation.field(
        tags=["public"], directives=[SIZED_BY_FIRST], description="The published courses, newest first."
    )
    async def course_catalog(
        self,
        info: Info,
        subject: str | None = None,
        difficulty: Difficulty | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Course]:
        query = CourseCatalog(slice_request(first, after), subject, difficulty)
        return Connection.of(await info.context.ask(query), Course.of)

    @strawberry.federation.field(
        tags=["public"], description="One course; null if there is none, or a draft that is not yours."
    )
    async def course_detail(self, info: Info, id: strawberry.ID) -> Course | None:
        return await info.context.load(str(id), load_courses)

    @strawberry.federation.field(tags=["public"], description="The same as courseDetail.")
    async def course_by_id(self, info: Info, id: strawberry.ID) -> Course | None:
        return await info.context.load(str(id), load_courses)

    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_LIMIT],
        description="The published courses of a subject, newest first.",
    )
    async def courses_by_subject(
        self, info: Info, subject: str, page: PageNumber = 1, limit: PageLimit = 20
    ) -> Page[Course]:
        query = CoursesBySubject(subject, numbered_page(page, limit))
        return Page.of(await info.context.ask(query), Course.of)

    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_LIMIT],
        description="A tutor's courses, newest first, after the drafts if you may see them.",
    )
    async def courses_by_tutor(
        self, info: Info, tutor_id: strawberry.ID, page: PageNumber = 1, limit: PageLimit = 20
    ) -> Page[Course]:
        wanted = numbered_page(page, limit)
        if may_edit(info.context.actor, tutor_id=str(tutor_id)):
            return Page.of(await info.context.ask(AllCoursesByTutor(str(tutor_id), wanted)), Course.of)
        return Page.of(await info.context.ask(CoursesByTutor(str(tutor_id), wanted)), Course.of)

    @strawberry.federation.field(
        authenticated=True,
        description="A lesson to read; for those who take the course, its tutor and the staff.",
    )
    async def lesson_content(self, info: Info, lesson_id: strawberry.ID) -> Lesson | None:
        if info.context.actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await info.context.load(str(lesson_id), load_lessons)

    @strawberry.field(description="An exercise; null if there is none.")
    async def exercise(self, info: Info, id: strawberry.ID) -> Exercise | None:
        return await info.context.load(str(id), load_exercises)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        description="Whether a student (you, if nobody is named) takes a course; for the student, the "
        "course's tutor and the staff.",
    )
    async def verify_enrollment(
        self, info: Info, course_id: strawberry.ID, student_id: strawberry.ID | None = None
    ) -> bool | None:
        actor = info.context.actor
        if actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await info.context.ask(
            VerifyEnrollment(str(course_id), str(actor.id if student_id is None else student_id))
        )

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        description="An enrolment; null if there is none that is your business.",
    )
    async def enrollment(self, info: Info, id: strawberry.ID) -> Enrollment | None:
        return await info.context.load(str(id), load_enrollments)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        description="What has become of a request to take a course; null if there is none of yours.",
    )
    async def enrollment_request(self, info: Info, id: strawberry.ID) -> EnrollmentRequest | None:
        return await info.context.load(str(id), load_enrollment_requests)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_LIMIT],
        description="How far a student (you, if nobody is named) has come, latest activity first. "
        "For the student, the staff, and tutors as far as their own courses go.",
    )
    async def student_progress(
        self,
        info: Info,
        student_id: strawberry.ID | None = None,
        offset: PageOffset = 0,
        limit: PageLimit = 20,
    ) -> Page[StudentProgress] | None:
        page, actor = page_request(offset, limit), info.context.actor
        if actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await load_student_progress(info, str(actor.id if student_id is None else student_id), page)
