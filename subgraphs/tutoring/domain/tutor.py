"""A tutor, as students get to know them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.errors import ALREADY_VERIFIED, PROFILE_INCOMPLETE, SELF_VERIFICATION
from subgraphs.tutoring.domain.events import (
    AvailabilityChanged,
    TutorDashboardInitialized,
    TutorListed,
    TutorProfileCreated,
    TutorProfileUpdated,
    TutorUnlisted,
    TutorVerified,
)
from subgraphs.tutoring.domain.values import Offer, TutorId, UserId


@dataclass(eq=False, kw_only=True)
class TutorProfile(AggregateRoot[TutorId]):
    """What a tutor offers and when. Students find those that are listed.

    Who `is_suspended` is not listed as long as they may not log in, whatever they do.
    """

    user_id: UserId
    offer: Offer = field(default_factory=Offer)
    availability: Availability = field(default_factory=Availability)
    is_verified: bool = False
    is_listed: bool = True
    is_suspended: bool = False
    dashboard_since: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, user_id: UserId, now: datetime) -> Self:
        """The profile of somebody who has become a tutor."""
        profile = cls(id=TutorId.of(user_id), user_id=user_id, created_at=now, updated_at=now)
        profile.raise_(TutorProfileCreated(profile.id, user_id, now))
        return profile

    def update(self, offer: Offer, now: datetime) -> None:
        """Offer something else; whoever can do that is listed. The same again is no event."""
        if offer != self.offer:
            self.offer, self.updated_at = offer, now
            self.raise_(TutorProfileUpdated(self.id, offer, now))
        if not self.is_suspended:
            self.list_(now)

    def set_availability(self, availability: Availability, now: datetime) -> None:
        """Have time then, and only then. The same again is no event."""
        if availability != self.availability:
            self.availability, self.updated_at = availability, now
            self.raise_(AvailabilityChanged(self.id, availability, now))

    def verify(self, by: UserId, now: datetime) -> Result[None, DomainError]:
        """The academy vouches for the tutor. ALREADY_VERIFIED, SELF_VERIFICATION, PROFILE_INCOMPLETE."""
        if self.is_verified:
            return Failure(ALREADY_VERIFIED)
        if by == self.user_id:
            return Failure(SELF_VERIFICATION)
        if not (self.offer.headline and self.offer.subjects):
            return Failure(PROFILE_INCOMPLETE)
        self.is_verified, self.updated_at = True, now
        self.raise_(TutorVerified(self.id, by, now))
        return Success(None)

    def list_(self, now: datetime) -> None:
        if not self.is_listed:
            self.is_listed = True
            self.raise_(TutorListed(self.id, now))

    def unlist(self, now: datetime) -> None:
        if self.is_listed:
            self.is_listed = False
            self.raise_(TutorUnlisted(self.id, now))

    def suspend(self, now: datetime) -> None:
        """They may not log in, and are not found until they may: if they were found so far."""
        if self.is_listed:
            self.is_suspended = True
            self.unlist(now)

    def resume(self, now: datetime) -> None:
        """They may log in again. Who was not found before is not found now."""
        if self.is_suspended:
            self.is_suspended = False
            self.list_(now)

    def initialize_dashboard(self, now: datetime) -> None:
        """Once; again is no event."""
        if self.dashboard_since is None:
            self.dashboard_since = now
            self.raise_(TutorDashboardInitialized(self.id, now))

    def forget(self, now: datetime) -> None:
        """Say nothing of the tutor any more, and to nobody."""
        self.unlist(now)
        self.is_suspended = False
        self.offer, self.availability = Offer(), Availability()
