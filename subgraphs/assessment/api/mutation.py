"""What assessment can be asked to do. Each mutation is a command; a refusal is in the payload's errors."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input

from typing import Final

import strawberry

from subgraphs.assessment.api.assignments import Assignment, load_assignments
from subgraphs.assessment.api.inputs import (
    CloseAssignmentInput,
    CreateAssignmentInput,
    GiveFeedbackInput,
    GradeSubmissionInput,
    SubmitAssignmentInput,
    UpdateAssignmentInput,
)
from subgraphs.assessment.api.submissions import Submission, load_submissions
from subgraphs.contracts.scopes import ASSIGNMENTS_GRADE
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.mutations import carry_out
from subgraphs.kernel.graphql.versions import Versioned

_INSTRUCTORS: Final = [[ASSIGNMENTS_GRADE]]


@strawberry.type
class CreateAssignmentPayload(Versioned):
    assignment: Assignment | None
    errors: list[UserError]


@strawberry.type
class UpdateAssignmentPayload(Versioned):
    assignment: Assignment | None
    errors: list[UserError]


@strawberry.type
class CloseAssignmentPayload(Versioned):
    assignment: Assignment | None
    errors: list[UserError]


@strawberry.type
class SubmitAssignmentPayload(Versioned):
    submission: Submission | None
    errors: list[UserError]


@strawberry.type
class GradeSubmissionPayload(Versioned):
    submission: Submission | None
    errors: list[UserError]


@strawberry.type
class GiveFeedbackPayload(Versioned):
    submission: Submission | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_INSTRUCTORS,
        description="Ask the students of a course, or of one class of it, for something. For who "
        "teaches it and the staff.",
    )
    async def create_assignment(self, info: Info, input: CreateAssignmentInput) -> CreateAssignmentPayload:
        assignment, errors = await carry_out(info, input.command(), load_assignments)
        return CreateAssignmentPayload(assignment=assignment, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_INSTRUCTORS,
        description="For the instructor and the staff. Its points stay once something is graded.",
    )
    async def update_assignment(self, info: Info, input: UpdateAssignmentInput) -> UpdateAssignmentPayload:
        assignment, errors = await carry_out(info, input.command(), load_assignments)
        return UpdateAssignmentPayload(assignment=assignment, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_INSTRUCTORS,
        description="Take nothing more. For the instructor and the staff.",
    )
    async def close_assignment(self, info: Info, input: CloseAssignmentInput) -> CloseAssignmentPayload:
        assignment, errors = await carry_out(info, input.command(), load_assignments)
        return CloseAssignmentPayload(assignment=assignment, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Hand something in; again, until it has a grade, if the assignment takes that.",
    )
    async def submit_assignment(self, info: Info, input: SubmitAssignmentInput) -> SubmitAssignmentPayload:
        submission, errors = await carry_out(info, input.command(), load_submissions)
        return SubmitAssignmentPayload(submission=submission, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_INSTRUCTORS,
        description="Give points, for the first time or better ones. For the instructor and the staff.",
    )
    async def grade_submission(self, info: Info, input: GradeSubmissionInput) -> GradeSubmissionPayload:
        submission, errors = await carry_out(info, input.command(), load_submissions)
        return GradeSubmissionPayload(submission=submission, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=_INSTRUCTORS,
        description="Say something about a submission, graded or not. For the instructor and the staff.",
    )
    async def give_feedback(self, info: Info, input: GiveFeedbackInput) -> GiveFeedbackPayload:
        submission, errors = await carry_out(info, input.command(), load_submissions)
        return GiveFeedbackPayload(submission=submission, errors=errors)
