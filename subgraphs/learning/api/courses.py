"""Courses."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.learning.access import is_staff
from subgraphs.learning.api.content import Section
from subgraphs.learning.domain.values import CourseStatus, Difficulty, ExerciseType
from subgraphs.learning.queries.content import SectionsOfCourses
from subgraphs.learning.queries.courses import CoursesById, CourseView, PublishedCourses
from subgraphs.learning.queries.enrollments import EnrollmentsOfCourses, EnrollmentView, OwnEnrollments
from subgraphs.learning.queries.progress import OwnProgress
from subgraphs.learning.queries.statistics import CourseStatisticsView, StatisticsOfCourses

if TYPE_CHECKING:
    from subgraphs.learning.api.enrollments import Enrollment
    from subgraphs.learning.api.people import User
    from subgraphs.learning.api.progress import StudentProgress

strawberry.enum(CourseStatus, description="Drafts are seen by their tutor and the staff only.")
strawberry.enum(Difficulty, description="What a course asks of its students.")


@strawberry.federation.type(tags=["public"], description="How many exercises of one type there are.")
class ExerciseCount:
    type: ExerciseType
    count: int


@strawberry.type(description="How a course fares, counted once an hour.")
class CourseStatistics:
    enrolled_count: int = strawberry.field(description="Students who take it now.")
    started_count: int = strawberry.field(description="Students who have completed or handed in anything.")
    completed_count: int = strawberry.field(description="Students who have nothing left to do.")
    average_percent: int = strawberry.field(
        description="Of the content, by those who have started: 0 to 100."
    )
    average_score: int | None = strawberry.field(
        description="Of all completed exercises, 0 to 100; null before the first one."
    )
    counted_at: datetime = strawberry.field(description="When that was so.")

    @classmethod
    def of(cls, view: CourseStatisticsView) -> Self:
        return cls(
            enrolled_count=view.enrolled_count,
            started_count=view.started_count,
            completed_count=view.completed_count,
            average_percent=view.average_percent,
            average_score=view.average_score,
            counted_at=view.counted_at,
        )


@strawberry.federation.type(keys=["id"], tags=["public"], description="Sections of lessons with exercises.")
class Course:
    id: strawberry.ID
    title: str
    description: str
    subject: str
    difficulty: Difficulty
    price: Money
    status: CourseStatus
    lesson_count: int
    exercise_count: int
    exercise_counts: list[ExerciseCount] = strawberry.field(
        description="The exercises by type; types without any are left out."
    )
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    tutor_id: strawberry.Private[str]

    @strawberry.field
    def tutor(self) -> Annotated["User", strawberry.lazy("subgraphs.learning.api.people")] | None:
        from subgraphs.learning.api.people import User

        return User(id=strawberry.ID(self.tutor_id))

    @strawberry.field
    async def sections(self, info: Info) -> list[Section]:
        return await info.context.load(str(self.id), _load_sections)

    @strawberry.federation.field(
        tags=["personal-data"], description="How far you have come; null before you begin."
    )
    async def my_progress(
        self, info: Info
    ) -> Annotated["StudentProgress", strawberry.lazy("subgraphs.learning.api.progress")] | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_own_progress)

    @strawberry.federation.field(
        tags=["personal-data"], description="Whether and since when you take it; null if you never did."
    )
    async def my_enrollment(
        self, info: Info
    ) -> Annotated["Enrollment", strawberry.lazy("subgraphs.learning.api.enrollments")] | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_own_enrollment)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="Who takes it, newest first; for its tutor and the staff.",
    )
    async def enrollments(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Annotated["Enrollment", strawberry.lazy("subgraphs.learning.api.enrollments")]] | None:
        from subgraphs.learning.api.enrollments import Enrollment

        wanted = PartOf(str(self.id), slice_request(first, after))
        found = await info.context.load(wanted, _load_enrollments)
        if found is None:
            raise QueryError(FORBIDDEN)
        return Connection.of(found, Enrollment.of)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        description="How it fares; for its tutor and the staff, null to others. Null as well for some "
        "minutes after it was published.",
    )
    async def statistics(self, info: Info) -> CourseStatistics | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_statistics)

    @classmethod
    def of(cls, view: CourseView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            title=view.title,
            description=view.description,
            subject=view.subject,
            difficulty=view.difficulty,
            price=Money.of(view.price),
            status=view.status,
            lesson_count=view.lesson_count,
            exercise_count=view.exercise_count,
            exercise_counts=[
                ExerciseCount(type=exercise_type, count=count)
                for exercise_type, count in view.exercise_counts.items()
                if count
            ],
            created_at=view.created_at,
            updated_at=view.updated_at,
            published_at=view.published_at,
            tutor_id=view.tutor_id,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Course | None]":
        return await load_courses(info.context, [str(key.get("id")) for key in keys])


async def load_courses(context: GraphQLContext, ids: list[str]) -> list[Course | None]:
    """Courses by id; None for those that do not exist or may not be seen.

    What everybody may see is cached; only those who may see drafts are looked for among them.
    """
    found = dict(await context.ask(PublishedCourses(tuple(ids))))
    missing = tuple(one for one in ids if one not in found)
    if missing and (is_staff(context.actor) or (context.actor and context.actor.role == Role.TUTOR)):
        found |= await context.ask(CoursesById(missing))
    return [Course.of(found[one]) if one in found else None for one in ids]


async def _load_enrollments(
    context: GraphQLContext, keys: list[PartOf]
) -> list[Slice[EnrollmentView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(EnrollmentsOfCourses(ids, part)))


async def _load_own_enrollment(context: GraphQLContext, course_ids: list[str]) -> "list[Enrollment | None]":
    from subgraphs.learning.api.enrollments import Enrollment

    found = await context.ask(OwnEnrollments(tuple(course_ids)))
    return [Enrollment.of(found[one]) if one in found else None for one in course_ids]


async def _load_statistics(context: GraphQLContext, course_ids: list[str]) -> list[CourseStatistics | None]:
    found = await context.ask(StatisticsOfCourses(tuple(course_ids)))
    return [CourseStatistics.of(found[one]) if one in found else None for one in course_ids]


async def _load_sections(context: GraphQLContext, course_ids: list[str]) -> list[list[Section]]:
    found = await context.ask(SectionsOfCourses(tuple(course_ids)))
    return [[Section.of(view) for view in found.get(one, ())] for one in course_ids]


async def _load_own_progress(
    context: GraphQLContext, course_ids: list[str]
) -> "list[StudentProgress | None]":
    from subgraphs.learning.api.progress import StudentProgress

    found = await context.ask(OwnProgress(tuple(course_ids)))
    return [StudentProgress.of(found[one]) if one in found else None for one in course_ids]
