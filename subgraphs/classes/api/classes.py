"""Classes."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet

from subgraphs.classes.api.enrollments import ClassEnrollment
from subgraphs.classes.api.values import ClassStatus, ClassType, Weekday
from subgraphs.classes.domain import schedule
from subgraphs.classes.queries.classes import ClassesById, ClassView
from subgraphs.classes.queries.enrollments import ClassRosters, EnrollmentView, OwnEnrollments
from subgraphs.classes.queries.teaching import UnlockedLessons, UnlockedLessonView
from subgraphs.contracts.scopes import CLASSES_TEACH
from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation

if TYPE_CHECKING:
    from subgraphs.classes.api.people import Course, User

_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)

FOR_TEACHERS = [[CLASSES_TEACH]]
"""The scopes of those who meet with classes."""

SIZED_BY_PACKAGE = ListSize(
    assumed_size=30, slicing_arguments=None, sized_fields=None, require_one_slicing_argument=False
)
"""What a list costs that has at most an entry for each meeting."""


@strawberry.federation.type(keys=[_ELSEWHERE])
class Lesson:
    id: strawberry.ID


@strawberry.federation.type(tags=["public"], description="When a class meets.")
class ClassSchedule:
    weekdays: list[Weekday]
    at: time
    minutes: int
    time_zone: str
    starts_on: date | None = strawberry.field(
        description="Null for a private class that begins when it suits."
    )

    @classmethod
    def of(cls, value: schedule.Schedule) -> Self:
        return cls(
            weekdays=list(value.weekdays),
            at=value.at,
            minutes=value.minutes,
            time_zone=value.time_zone,
            starts_on=value.starts_on,
        )


@strawberry.type(description="A lesson that is open to a class, with all of its exercises.")
class UnlockedLesson:
    place: int = strawberry.field(description="Unlocked as the first, the second ...")
    lesson: Lesson | None
    unlocked_at: datetime

    @classmethod
    def of(cls, view: UnlockedLessonView) -> Self:
        return cls(
            place=view.place, lesson=Lesson(id=strawberry.ID(view.lesson_id)), unlocked_at=view.unlocked_at
        )


@strawberry.federation.type(
    keys=["id"],
    description="Students who work through a course together, or one alone, with an instructor and a package "
    "of meetings. A private class is seen by those who belong to it.",
)
class Class:
    id: strawberry.ID = strawberry.federation.field(tags=["public"])
    type: ClassType = strawberry.federation.field(tags=["public"])
    status: ClassStatus = strawberry.federation.field(tags=["public"])
    title: str = strawberry.federation.field(tags=["public"])
    schedule: ClassSchedule = strawberry.federation.field(tags=["public"])
    capacity: int = strawberry.federation.field(tags=["public"])
    enrolled_count: int = strawberry.federation.field(tags=["public"])
    total_meetings: int = strawberry.federation.field(
        tags=["public"], description="The package, which all students share."
    )
    held_meetings: int = strawberry.federation.field(description="The last meeting that is marked.")
    price: Money = strawberry.federation.field(tags=["public"], description="Of the whole package.")
    created_at: datetime
    activated_at: datetime | None
    completed_at: datetime | None
    course_id: strawberry.Private[str]
    instructor_id: strawberry.Private[str]

    @strawberry.federation.field(
        tags=["public"], description="What it teaches; null to those who may not see the draft of a course."
    )
    def course(self) -> Annotated["Course", strawberry.lazy("subgraphs.classes.api.people")] | None:
        from subgraphs.classes.api.people import Course

        return Course(id=strawberry.ID(self.course_id))

    @strawberry.federation.field(tags=["public"])
    def instructor(self) -> Annotated["User", strawberry.lazy("subgraphs.classes.api.people")] | None:
        from subgraphs.classes.api.people import User

        return User(id=strawberry.ID(self.instructor_id))

    @strawberry.federation.field(
        tags=["personal-data"],
        requires_scopes=FOR_TEACHERS,
        directives=[SIZED_BY_FIRST],
        description="Its students, in the order in which they joined; for its instructor and the staff.",
    )
    async def roster(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[ClassEnrollment] | None:
        return await load_roster(info, str(self.id), first, after)

    @strawberry.federation.field(
        tags=["personal-data"], description="How you stand in it; null if you do not belong to it."
    )
    async def my_enrollment(self, info: Info) -> ClassEnrollment | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_own)

    @strawberry.federation.field(
        authenticated=True,
        directives=[SIZED_BY_PACKAGE],
        description="The lessons that are open to it, in the order in which they were unlocked; for those "
        "who belong to it, and empty for others.",
    )
    async def unlocked_lessons(self, info: Info) -> list[UnlockedLesson] | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), load_unlocked)

    @classmethod
    def of(cls, view: ClassView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            type=view.type,
            status=view.status,
            title=view.title,
            schedule=ClassSchedule.of(view.schedule),
            capacity=view.capacity,
            enrolled_count=view.enrolled_count,
            total_meetings=view.total_meetings,
            held_meetings=view.held_meetings,
            price=Money.of(view.price),
            created_at=view.created_at,
            activated_at=view.activated_at,
            completed_at=view.completed_at,
            course_id=view.course_id,
            instructor_id=view.instructor_id,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> "Sequence[Class | None]":
        return await load_classes(info.context, [str(key.get("id")) for key in keys])


async def load_classes(context: GraphQLContext, ids: list[str]) -> list[Class | None]:
    """Classes by id; None for those that do not exist or may not be seen."""
    found = await context.ask(ClassesById(tuple(ids)))
    return [Class.of(found[one]) if one in found else None for one in ids]


async def load_roster(
    info: Info, class_id: str, first: int, after: str | None
) -> Connection[ClassEnrollment] | None:
    """A part of a class's students; None when the asker does not teach it. QueryError for a student."""
    found = await info.context.load(PartOf(class_id, slice_request(first, after)), _load_rosters)
    return None if found is None else Connection.of(found, ClassEnrollment.of)


async def load_unlocked(context: GraphQLContext, class_ids: list[str]) -> list[list[UnlockedLesson]]:
    """The unlocked lessons of classes; none of those that the asker does not belong to."""
    found = await context.ask(UnlockedLessons(tuple(class_ids)))
    return [[UnlockedLesson.of(view) for view in found.get(one, ())] for one in class_ids]


async def _load_rosters(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[EnrollmentView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(ClassRosters(ids, part)))


async def _load_own(context: GraphQLContext, class_ids: list[str]) -> list[ClassEnrollment | None]:
    found = await context.ask(OwnEnrollments(tuple(class_ids)))
    return [ClassEnrollment.of(found[one]) if one in found else None for one in class_ids]
