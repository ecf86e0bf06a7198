"""What can be asked of tutoring."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id, input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from datetime import datetime
from typing import Annotated

import strawberry

from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.money import MoneyInput
from subgraphs.kernel.graphql.pagination import LIST_SIZED_BY_LIMIT, SIZED_BY_LIMIT, page_request
from subgraphs.kernel.graphql.versions import STALE, MinVersion, parse_min_version
from subgraphs.tutoring.api.enums import PUBLIC, MatchReason, TutorOrder
from subgraphs.tutoring.api.inputs import MatchInput, optional_money, or_refuse
from subgraphs.tutoring.api.tutors import TutorProfile, load_all_tutors, load_tutors
from subgraphs.tutoring.domain.values import TutorId, UserId
from subgraphs.tutoring.queries.finding import Matches, SearchTutors, Subjects


@strawberry.federation.type(tags=PUBLIC, description="A tutor who fits what somebody looks for.")
class TutorMatch:
    tutor: TutorProfile
    score: int = strawberry.field(description="0 to 100")
    reasons: list[MatchReason]


@strawberry.federation.type(tags=PUBLIC, description="Something that is taught.")
class Subject:
    name: str
    tutor_count: int


@strawberry.federation.type(tags=PUBLIC, description="Tutors that were found.")
class TutorSearchPage:
    items: list[TutorProfile]
    total: int = strawberry.field(description="How many there are in all.")
    offset: int
    limit: int
    has_more: bool
    stale: bool = strawberry.field(description=STALE)


@strawberry.federation.input(
    tags=PUBLIC, description="What a tutor has to be; what is left out does not matter."
)
class TutorFilterInput:
    text: str = strawberry.field(
        default="", description="Words of the subjects, the headline or the bio, or their beginnings."
    )
    subjects: list[str] = strawberry.field(default_factory=list, description="All of these.")
    languages: list[str] = strawberry.field(default_factory=list, description="All of these.")
    lowest_rate: MoneyInput | None = None
    highest_rate: MoneyInput | None = None
    lowest_rating: float = strawberry.field(default=0.0, description="Stars, 0 to 5.")
    available_at: datetime | None = strawberry.field(default=None, description="Who has time then.")
    only_verified: bool = False


@strawberry.type
class Query:
    @strawberry.federation.field(tags=PUBLIC)
    async def tutor_profile(self, info: Info, id: strawberry.ID) -> TutorProfile | None:
        return await info.context.load(str(id), load_tutors)

    @strawberry.federation.field(authenticated=True, description="The profile of the user who is asking.")
    async def my_tutor_profile(self, info: Info) -> TutorProfile | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(TutorId.of(UserId(info.context.actor.id))), load_tutors)

    @strawberry.federation.field(
        tags=PUBLIC,
        directives=[SIZED_BY_LIMIT],
        description="Tutors, the most relevant first if need be.",
    )
    async def search_tutors(
        self,
        info: Info,
        filter: TutorFilterInput | None = None,
        order: TutorOrder = TutorOrder.RELEVANCE,
        offset: int = 0,
        limit: Annotated[int, strawberry.argument(description="1 to 100")] = 20,
        min_version: MinVersion = None,
    ) -> TutorSearchPage | None:
        wanted = filter or TutorFilterInput()
        query = SearchTutors(
            page_request(offset, limit),
            wanted.text,
            tuple(wanted.subjects),
            tuple(wanted.languages),
            or_refuse(optional_money(wanted.lowest_rate)),
            or_refuse(optional_money(wanted.highest_rate)),
            wanted.lowest_rating,
            wanted.available_at,
            wanted.only_verified,
            order,
        )
        answer = await info.context.ask_including(query, parse_min_version(min_version))
        page = answer.value
        tutors = await load_all_tutors(info, page.items)
        return TutorSearchPage(
            items=[tutor for tutor in tutors if tutor is not None],
            total=page.total,
            offset=page.offset,
            limit=page.limit,
            has_more=page.has_more,
            stale=answer.is_stale,
        )

    @strawberry.federation.field(
        tags=PUBLIC,
        directives=[LIST_SIZED_BY_LIMIT],
        description="Who fits what a student looks for, the best first.",
    )
    async def matches(
        self,
        info: Info,
        input: MatchInput,
        limit: Annotated[int, strawberry.argument(description="1 to 50")] = 10,
    ) -> list[TutorMatch] | None:
        matches = await info.context.ask(Matches(input.wanted(), limit))
        tutors = await load_all_tutors(info, [match.tutor_id for match in matches])
        return [
            TutorMatch(tutor=tutor, score=match.score, reasons=list(match.reasons))
            for match, tutor in zip(matches, tutors, strict=True)
            if tutor is not None
        ]

    @strawberry.federation.field(
        tags=PUBLIC, directives=[LIST_SIZED_BY_LIMIT], description="What is taught, the most popular first."
    )
    async def tutor_subjects(
        self, info: Info, limit: Annotated[int, strawberry.argument(description="1 to 50")] = 20
    ) -> list[Subject]:
        found = await info.context.ask(Subjects(limit))
        return [Subject(name=one.subject, tutor_count=one.tutor_count) for one in found]
