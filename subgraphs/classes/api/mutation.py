"""What classes can be asked to do. Each mutation is a command; a refusal is in the payload's errors."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input

import strawberry

from subgraphs.classes.api.classes import FOR_TEACHERS, Class, load_classes
from subgraphs.classes.api.enrollments import ClassEnrollment, load_enrollments
from subgraphs.classes.api.inputs import (
    ActivateClassInput,
    AddMeetingsInput,
    AdjustCreditInput,
    ChangePackageInput,
    CompleteClassInput,
    CreateClassInput,
    EnrollStudentInClassInput,
    MarkAttendanceInput,
    UnlockLessonInput,
)
from subgraphs.contracts.scopes import CLASSES_MANAGE, ENROLLMENTS_MANAGE
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.mutations import carry_out, carry_out_sensible
from subgraphs.kernel.graphql.versions import Versioned

_FOR_STAFF = [[CLASSES_MANAGE]]


@strawberry.type
class CreateClassPayload(Versioned):
    created_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class ActivateClassPayload(Versioned):
    activated_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class CompleteClassPayload(Versioned):
    completed_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class AddMeetingsPayload(Versioned):
    changed_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class ChangePackagePayload(Versioned):
    changed_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class UnlockLessonPayload(Versioned):
    changed_class: Class | None = strawberry.field(name="class")
    errors: list[UserError]


@strawberry.type
class EnrollStudentInClassPayload(Versioned):
    enrollment: ClassEnrollment | None
    errors: list[UserError]


@strawberry.type
class MarkAttendancePayload(Versioned):
    enrollment: ClassEnrollment | None
    errors: list[UserError]


@strawberry.type
class AdjustCreditPayload(Versioned):
    enrollment: ClassEnrollment | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        requires_scopes=_FOR_STAFF, description="A new class, open for enrolment. For the staff."
    )
    async def create_class(self, info: Info, input: CreateClassInput) -> CreateClassPayload:
        found, errors = await carry_out_sensible(info, input.command(), load_classes)
        return CreateClassPayload(created_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_TEACHERS,
        description="Begin. A group takes nobody in from now on, and its package stays as it is. For its "
        "instructor and the staff.",
    )
    async def activate_class(self, info: Info, input: ActivateClassInput) -> ActivateClassPayload:
        found, errors = await carry_out(info, input.command(), load_classes)
        return ActivateClassPayload(activated_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_TEACHERS, description="Be over. For its instructor and the staff."
    )
    async def complete_class(self, info: Info, input: CompleteClassInput) -> CompleteClassPayload:
        found, errors = await carry_out(info, input.command(), load_classes)
        return CompleteClassPayload(completed_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=_FOR_STAFF,
        description="So many meetings more for everybody: a group until it begins, a private class always. "
        "For the staff.",
    )
    async def add_meetings(self, info: Info, input: AddMeetingsInput) -> AddMeetingsPayload:
        found, errors = await carry_out(info, input.command(), load_classes)
        return AddMeetingsPayload(changed_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=_FOR_STAFF,
        description="So many meetings in all for everybody: a group until it begins, a private class always. "
        "For the staff.",
    )
    async def change_package(self, info: Info, input: ChangePackageInput) -> ChangePackagePayload:
        found, errors = await carry_out(info, input.command(), load_classes)
        return ChangePackagePayload(changed_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=[[ENROLLMENTS_MANAGE]],
        description="Put a student into a class, with the whole package, and have them pay for it. For the "
        "staff.",
    )
    async def enroll_student_in_class(
        self, info: Info, input: EnrollStudentInClassInput
    ) -> EnrollStudentInClassPayload:
        found, errors = await carry_out_sensible(info, input.command(), load_enrollments)
        return EnrollStudentInClassPayload(enrollment=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_TEACHERS,
        description="Whether a student was at a meeting: present or late uses up one, absent none, and a "
        "mark may be corrected. For its instructor and the staff.",
    )
    async def mark_attendance(self, info: Info, input: MarkAttendanceInput) -> MarkAttendancePayload:
        found, errors = await carry_out(info, input.command(), load_enrollments)
        return MarkAttendancePayload(enrollment=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_TEACHERS,
        description="Open a lesson with all of its exercises to a class, at most as many as it has meetings. "
        "For its instructor alone.",
    )
    async def unlock_lesson(self, info: Info, input: UnlockLessonInput) -> UnlockLessonPayload:
        found, errors = await carry_out(info, input.command(), load_classes)
        return UnlockLessonPayload(changed_class=found, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=_FOR_STAFF,
        description="Give a student meetings, or take them away, and say why. For the staff.",
    )
    async def adjust_credit(self, info: Info, input: AdjustCreditInput) -> AdjustCreditPayload:
        found, errors = await carry_out(info, input.command(), load_enrollments)
        return AdjustCreditPayload(enrollment=found, errors=errors)
