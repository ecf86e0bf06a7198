"""Tutors, as students get to know them."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.tutoring.api.enums import PUBLIC, Weekday
from subgraphs.tutoring.domain.availability import Availability as AvailabilityValue
from subgraphs.tutoring.domain.availability import Window
from subgraphs.tutoring.domain.values import TutorId, UserId
from subgraphs.tutoring.queries.profiles import DashboardView, TutorDashboards, TutorProfiles, TutorView


@strawberry.federation.type(tags=PUBLIC, description="Some time on one day of each week, as 09:00 to 24:00.")
class WeeklyWindow:
    weekday: Weekday
    starts_at: str = strawberry.field(description="HH:MM")
    ends_at: str = strawberry.field(description="HH:MM; 24:00 is the end of the day.")

    @classmethod
    def of(cls, window: Window) -> Self:
        return cls(weekday=window.weekday, starts_at=_clock(window.starts), ends_at=_clock(window.ends))


@strawberry.federation.type(tags=PUBLIC, description="When a tutor has time, by the clocks where they live.")
class Availability:
    time_zone: str = strawberry.field(description="A name of the IANA database.")
    windows: list[WeeklyWindow]

    @classmethod
    def of(cls, availability: AvailabilityValue) -> Self:
        return cls(
            time_zone=availability.time_zone, windows=[WeeklyWindow.of(one) for one in availability.windows]
        )


@strawberry.type(description="How far a tutor has come; for the tutor and the staff.")
class TutorDashboard:
    since: datetime | None = strawberry.field(description="When it was made: an hour after the profile.")
    is_listed: bool = strawberry.field(description="Whether students find the tutor.")
    is_verified: bool
    missing: list[str] = strawberry.field(description="The fields of the profile that say nothing yet.")

    @classmethod
    def of(cls, view: DashboardView) -> Self:
        return cls(
            since=view.since,
            is_listed=view.is_listed,
            is_verified=view.is_verified,
            missing=list(view.missing),
        )


@strawberry.federation.type(keys=["id"], description="What a tutor offers.")
class TutorProfile:
    id: strawberry.ID = strawberry.federation.field(tags=PUBLIC)
    headline: str = strawberry.federation.field(tags=PUBLIC)
    bio: str = strawberry.federation.field(tags=PUBLIC)
    subjects: list[str] = strawberry.federation.field(tags=PUBLIC)
    languages: list[str] = strawberry.federation.field(tags=PUBLIC, description="As en or pt-BR.")
    hourly_rate: Money | None = strawberry.federation.field(tags=PUBLIC)
    availability: Availability = strawberry.federation.field(tags=PUBLIC)
    is_verified: bool = strawberry.federation.field(
        tags=PUBLIC, description="Whether the academy vouches for the tutor."
    )
    rating: float = strawberry.federation.field(tags=PUBLIC, description="Stars, 0 to 5; 0 without reviews.")
    review_count: int = strawberry.federation.field(tags=PUBLIC)
    created_at: datetime
    updated_at: datetime
    view: strawberry.Private[TutorView]

    @strawberry.federation.field(tags=PUBLIC)
    def user(self) -> "User | None":
        return User(id=strawberry.ID(self.view.user_id))

    @strawberry.federation.field(tags=PUBLIC, description="Whether the tutor has time then.")
    def is_available_at(self, instant: datetime) -> bool:
        return self.view.availability.includes(instant)

    @strawberry.federation.field(
        authenticated=True, description="How far the tutor has come; for the tutor and the staff."
    )
    async def dashboard(self, info: Info) -> TutorDashboard | None:
        return await info.context.load(str(self.id), _load_dashboards)

    @classmethod
    def of(cls, view: TutorView) -> Self:
        offer = view.offer
        return cls(
            id=strawberry.ID(view.id),
            headline=offer.headline,
            bio=offer.bio,
            subjects=list(offer.subjects),
            languages=list(offer.languages),
            hourly_rate=Money.of(offer.hourly_rate) if offer.hourly_rate else None,
            availability=Availability.of(view.availability),
            is_verified=view.is_verified,
            rating=view.rating / 100,
            review_count=view.review_count,
            created_at=view.created_at,
            updated_at=view.updated_at,
            view=view,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        found = await info.context.ask(TutorProfiles(tuple(str(key.get("id")) for key in keys)))
        return [cls.of(found[id_]) if (id_ := str(key.get("id"))) in found else None for key in keys]


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(tags=PUBLIC, description="What the user offers as a tutor.")
    async def tutor_profile(self, info: Info) -> TutorProfile | None:
        return await info.context.load(str(TutorId.of(UserId(str(self.id)))), load_tutors)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may be a tutor: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_all_tutors(info: Info, ids: Iterable[str]) -> list[TutorProfile | None]:
    """The same in the order of these ids, with all others that are asked for at once."""
    return await asyncio.gather(*(info.context.load(one, load_tutors) for one in ids))


async def load_tutors(context: GraphQLContext, ids: list[str]) -> list[TutorProfile | None]:
    """Tutors by id; None for those who are not listed."""
    found = await context.ask(TutorProfiles(tuple(ids)))
    return [TutorProfile.of(found[one]) if one in found else None for one in ids]


async def _load_dashboards(context: GraphQLContext, ids: list[str]) -> list[TutorDashboard | None]:
    found = await context.ask(TutorDashboards(tuple(ids)))
    return [TutorDashboard.of(found[one]) if one in found else None for one in ids]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
