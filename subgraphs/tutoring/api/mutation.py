"""What tutoring can be asked to do. Each mutation is a command."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry

from subgraphs.contracts.scopes import TUTORS_VERIFY
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import DomainError, Result, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.mutations import carry_out_sensible
from subgraphs.kernel.graphql.versions import Versioned
from subgraphs.tutoring.api.inputs import AvailabilityInput, TutorProfileInput, VerifyTutorInput
from subgraphs.tutoring.api.tutors import TutorProfile, load_tutors
from subgraphs.tutoring.commands import CreateTutorProfile, UpdateTutorProfile, VerifyTutor
from subgraphs.tutoring.domain.values import TutorId


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
        return await _payload(info, input.command(CreateTutorProfile))

    @strawberry.federation.mutation(
        authenticated=True, description="Say something else of oneself; for tutors."
    )
    async def update_tutor_profile(self, info: Info, input: TutorProfileInput) -> TutorProfilePayload | None:
        return await _payload(info, input.command(UpdateTutorProfile))

    @strawberry.federation.mutation(authenticated=True, description="Say when one has time; for tutors.")
    async def set_availability(self, info: Info, input: AvailabilityInput) -> TutorProfilePayload | None:
        return await _payload(info, input.command())

    @strawberry.federation.mutation(
        requires_scopes=[[TUTORS_VERIFY]], description="Vouch for a tutor; for the staff."
    )
    async def verify_tutor(self, info: Info, input: VerifyTutorInput) -> TutorProfilePayload | None:
        return await _payload(info, Success(VerifyTutor(str(input.tutor_id))))


async def _payload(info: Info, command: Result[Command[TutorId], DomainError]) -> TutorProfilePayload:
    profile, errors = await carry_out_sensible(info, command, load_tutors)
    return TutorProfilePayload(tutor_profile=profile, errors=errors)
