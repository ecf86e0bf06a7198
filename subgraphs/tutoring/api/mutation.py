"""What tutoring can be asked to do. Each mutation is a command."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from typing import Any, TypeVar

import strawberry

from subgraphs.contracts.scopes import TUTORS_VERIFY
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.versions import Versioned
from subgraphs.tutoring.api.inputs import AvailabilityInput, TutorProfileInput, VerifyTutorInput
from subgraphs.tutoring.api.tutors import TutorProfile, load_tutors
from subgraphs.tutoring.commands import CreateTutorProfile, UpdateTutorProfile, VerifyTutor

T = TypeVar("T")


@strawberry.type
class TutorProfilePayload(Versioned):
    tutor_profile: TutorProfile | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Have a profile of one's own. Who becomes a tutor has one without asking.",
    )
    async def create_tutor_profile(self, info: Info, input: TutorProfileInput) -> TutorProfilePayload | None:
        match input.changes():
            case Success(changes):
                return await _execute(info, CreateTutorProfile(changes))
            case Failure(error):
                return _refused(error)

    @strawberry.federation.mutation(
        authenticated=True, description="Say something else of oneself; for tutors."
    )
    async def update_tutor_profile(self, info: Info, input: TutorProfileInput) -> TutorProfilePayload | None:
        match input.changes():
            case Success(changes):
                return await _execute(info, UpdateTutorProfile(changes))
            case Failure(error):
                return _refused(error)

    @strawberry.federation.mutation(authenticated=True, description="Say when one has time; for tutors.")
    async def set_availability(self, info: Info, input: AvailabilityInput) -> TutorProfilePayload | None:
        match input.command():
            case Success(command):
                return await _execute(info, command)
            case Failure(error):
                return _refused(error)

    @strawberry.federation.mutation(
        requires_scopes=[[TUTORS_VERIFY]], description="Vouch for a tutor; for the staff."
    )
    async def verify_tutor(self, info: Info, input: VerifyTutorInput) -> TutorProfilePayload | None:
        return await _execute(info, VerifyTutor(str(input.tutor_id)))


async def _execute(info: Info, command: Command[Any]) -> TutorProfilePayload:
    result: Result[Any, DomainError] = await info.context.execute(command)
    match result:
        case Success(id_):
            return TutorProfilePayload(tutor_profile=await info.context.load(str(id_), load_tutors))
        case Failure(error):
            return _refused(error)


def _refused(error: DomainError) -> TutorProfilePayload:
    return TutorProfilePayload(errors=[UserError.of(error)])
