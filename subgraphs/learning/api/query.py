"""What can be asked of learning."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.pagination import Page, page_request
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.api.people import Limit, Offset, StudentProgress, load_student_progress
from subgraphs.learning.domain.values import Difficulty
from subgraphs.learning.queries.courses import CourseCatalog, CoursesByTutor


@strawberry.type
class Query:
    @strawberry.field(description="The published courses, newest first.")
    async def course_catalog(
        self,
        info: Info,
        subject: str | None = None,
        difficulty: Difficulty | None = None,
        offset: Offset = 0,
        limit: Limit = 20,
    ) -> Page[Course]:
        query = CourseCatalog(page_request(offset, limit), subject, difficulty)
        return Page.of(await info.context.ask(query), Course.of)

    @strawberry.field(description="One course; null if there is none, or a draft that is not yours.")
    async def course_detail(self, info: Info, id: strawberry.ID) -> Course | None:
        return await info.context.load(str(id), load_courses)

    @strawberry.field(description="The published courses of a subject, newest first.")
    async def courses_by_subject(
        self, info: Info, subject: str, offset: Offset = 0, limit: Limit = 20
    ) -> Page[Course]:
        query = CourseCatalog(page_request(offset, limit), subject)
        return Page.of(await info.context.ask(query), Course.of)

    @strawberry.field(description="A tutor's courses, newest first, after the drafts if you may see them.")
    async def courses_by_tutor(
        self, info: Info, tutor_id: strawberry.ID, offset: Offset = 0, limit: Limit = 20
    ) -> Page[Course]:
        query = CoursesByTutor(str(tutor_id), page_request(offset, limit))
        return Page.of(await info.context.ask(query), Course.of)

    @strawberry.federation.field(
        tags=["personal-data"],
        description="How far a student (you, if nobody is named) has come, latest activity first. "
        "For the student, the staff, and tutors as far as their own courses go.",
    )
    async def student_progress(
        self, info: Info, student_id: strawberry.ID | None = None, offset: Offset = 0, limit: Limit = 20
    ) -> Page[StudentProgress] | None:
        page, actor = page_request(offset, limit), info.context.actor
        if actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await load_student_progress(info, str(student_id or actor.id), page)
