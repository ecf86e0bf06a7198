"""What can be asked of classes."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id, type

from datetime import datetime
from typing import Self

import strawberry

from subgraphs.classes.api.classes import (
    FOR_TEACHERS,
    SIZED_BY_PACKAGE,
    Class,
    UnlockedLesson,
    load_classes,
    load_roster,
    load_unlocked,
)
from subgraphs.classes.api.enrollments import ClassEnrollment
from subgraphs.classes.api.values import ClassStatus, ClassType
from subgraphs.classes.domain.errors import NOT_THE_CLASSES_INSTRUCTOR
from subgraphs.classes.queries.classes import ClassList
from subgraphs.classes.queries.enrollments import FindEnrollment
from subgraphs.classes.queries.teaching import AttendanceReport, MeetingView
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import Info


@strawberry.type(description="How many were at a meeting, as far as it is marked.")
class MeetingAttendance:
    meeting: int
    held_at: datetime
    present_count: int
    late_count: int
    absent_count: int

    @classmethod
    def of(cls, view: MeetingView) -> Self:
        return cls(
            meeting=view.meeting,
            held_at=view.held_at,
            present_count=view.present_count,
            late_count=view.late_count,
            absent_count=view.absent_count,
        )


@strawberry.type
class Query:
    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_FIRST],
        description="The classes that you may see, the newest first.",
    )
    async def class_list(
        self,
        info: Info,
        course_id: strawberry.ID | None = None,
        type: ClassType | None = None,
        status: ClassStatus | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Class]:
        course = None if course_id is None else str(course_id)
        query = ClassList(slice_request(first, after), course, type, status)
        return Connection.of(await info.context.ask(query), Class.of)

    @strawberry.federation.field(
        tags=["public"], description="One class; null if there is none, or a private one that is not yours."
    )
    async def class_detail(self, info: Info, id: strawberry.ID) -> Class | None:
        return await info.context.load(str(id), load_classes)

    @strawberry.federation.field(
        requires_scopes=FOR_TEACHERS,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="The students of a class, in the order in which they joined; for its instructor and the "
        "staff.",
    )
    async def class_roster(
        self, info: Info, class_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[ClassEnrollment] | None:
        found = await load_roster(info, str(class_id), first, after)
        if found is None:
            raise QueryError(NOT_THE_CLASSES_INSTRUCTOR)
        return found

    @strawberry.federation.field(
        requires_scopes=FOR_TEACHERS,
        directives=[SIZED_BY_PACKAGE],
        description="How many were at each meeting of a class; for its instructor and the staff.",
    )
    async def attendance_report(self, info: Info, class_id: strawberry.ID) -> list[MeetingAttendance] | None:
        return [
            MeetingAttendance.of(view) for view in await info.context.ask(AttendanceReport(str(class_id)))
        ]

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="How a student (you, if nobody is named) stands in a class; for the student, its "
        "instructor and the staff.",
    )
    async def credit_balance(
        self, info: Info, class_id: strawberry.ID, student_id: strawberry.ID | None = None
    ) -> ClassEnrollment | None:
        actor = info.context.actor
        if actor is None:
            raise QueryError(UNAUTHENTICATED)
        student = actor.id if student_id is None else str(student_id)
        view = await info.context.ask(FindEnrollment(str(class_id), student))
        return ClassEnrollment.of(view) if view else None

    @strawberry.federation.field(
        authenticated=True,
        directives=[SIZED_BY_PACKAGE],
        description="The lessons that are open to a class, in the order in which they were unlocked; for "
        "those who belong to it.",
    )
    async def unlocked_lessons(self, info: Info, class_id: strawberry.ID) -> list[UnlockedLesson] | None:
        if info.context.actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await info.context.load(str(class_id), load_unlocked)
