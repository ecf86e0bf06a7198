"""Users, as far as they teach and learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import strawberry

from subgraphs.kernel import domain
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN, UNAUTHENTICATED
from subgraphs.kernel.domain import DomainError, Failure, PageRequest, Result, Slice, Success
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.pagination import (
    SIZED_BY_LIMIT,
    Page,
    PageLimit,
    PageOffset,
    page_request,
)
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.learning.api.courses import Course
from subgraphs.learning.api.enrollments import Enrollment
from subgraphs.learning.api.progress import StudentProgress
from subgraphs.learning.queries.courses import CoursesTaught, CourseView
from subgraphs.learning.queries.enrollments import EnrollmentsOfStudents, EnrollmentView
from subgraphs.learning.queries.progress import (
    LearningSummaries,
    ProgressOfStudents,
    ProgressView,
)
from subgraphs.learning.queries.progress import LearningSummary as LearningSummaryView


@strawberry.type(description="How much somebody has learnt, for everybody to see.")
class LearningSummary:
    started_course_count: int
    completed_course_count: int
    completed_exercise_count: int

    @classmethod
    def of(cls, view: LearningSummaryView) -> Self:
        return cls(
            started_course_count=view.started_course_count,
            completed_course_count=view.completed_course_count,
            completed_exercise_count=view.completed_exercise_count,
        )


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_LIMIT],
        description="The published courses of a tutor, newest first.",
    )
    async def courses_taught(
        self, info: Info, offset: PageOffset = 0, limit: PageLimit = 20
    ) -> Page[Course] | None:
        wanted = _PageOf(str(self.id), page_request(offset, limit))
        return Page.of(await info.context.load(wanted, _load_courses_taught), Course.of)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="What a student takes, newest first; for the student, the staff, and tutors as far as "
        "their own courses go.",
    )
    async def enrollments(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Enrollment] | None:
        wanted = PartOf(str(self.id), slice_request(first, after))
        found = await info.context.load(wanted, _load_enrollments)
        if found is None:
            raise QueryError(FORBIDDEN if info.context.actor else UNAUTHENTICATED)
        return Connection.of(found, Enrollment.of)

    @strawberry.field
    async def learning_summary(self, info: Info) -> LearningSummary | None:
        return LearningSummary.of(await info.context.load(str(self.id), _load_summaries))

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_LIMIT],
        description="How far a student has come, latest activity first; for the student, tutors and staff.",
    )
    async def student_progress(
        self, info: Info, offset: PageOffset = 0, limit: PageLimit = 20
    ) -> Page[StudentProgress] | None:
        return await load_student_progress(info, str(self.id), page_request(offset, limit))

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may have courses: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_student_progress(info: Info, student_id: str, page: PageRequest) -> Page[StudentProgress]:
    """A page of a student's progress; QueryError to those who may not see it."""
    match await info.context.load(_PageOf(student_id, page), _load_progress):
        case Success(value=found):
            return Page.of(found, StudentProgress.of)
        case Failure(error=error):
            raise QueryError(error)


@dataclass(frozen=True, slots=True)
class _PageOf:
    """A key of the loaders: whose, and which part."""

    user_id: str
    page: PageRequest


async def _load_enrollments(
    context: GraphQLContext, keys: list[PartOf]
) -> list[Slice[EnrollmentView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(EnrollmentsOfStudents(ids, part)))


async def _load_courses_taught(context: GraphQLContext, keys: list[_PageOf]) -> list[domain.Page[CourseView]]:
    pages = {
        page: await context.ask(CoursesTaught(_users(keys, page), page)) for page in _distinct_pages(keys)
    }
    return [pages[key.page][key.user_id] for key in keys]


async def _load_progress(
    context: GraphQLContext, keys: list[_PageOf]
) -> list[Result[domain.Page[ProgressView], DomainError]]:
    pages = {
        page: await context.ask(ProgressOfStudents(_users(keys, page), page))
        for page in _distinct_pages(keys)
    }
    return [pages[key.page][key.user_id] for key in keys]


def _distinct_pages(keys: list[_PageOf]) -> list[PageRequest]:
    """Nearly always one: a field has the same arguments for all users of a request, unless it is aliased."""
    return list(dict.fromkeys(key.page for key in keys))


def _users(keys: list[_PageOf], page: PageRequest) -> tuple[str, ...]:
    return tuple(key.user_id for key in keys if key.page == page)


async def _load_summaries(context: GraphQLContext, student_ids: list[str]) -> list[LearningSummaryView]:
    found = await context.ask(LearningSummaries(tuple(student_ids)))
    return [found.get(one, LearningSummaryView()) for one in student_ids]
