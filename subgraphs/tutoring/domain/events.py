"""What happened to a tutor. What other contexts may know of it is in contracts/tutoring.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.domain import DomainEvent
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.values import Offer, TutorId, UserId


@dataclass(frozen=True, slots=True)
class TutorProfileCreated(DomainEvent):
    name: ClassVar[str] = "tutoring.tutor_profile_created"

    tutor_id: TutorId
    user_id: UserId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TutorProfileUpdated(DomainEvent):
    name: ClassVar[str] = "tutoring.tutor_profile_updated"

    tutor_id: TutorId
    offer: Offer
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AvailabilityChanged(DomainEvent):
    name: ClassVar[str] = "tutoring.availability_changed"

    tutor_id: TutorId
    availability: Availability
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TutorVerified(DomainEvent):
    name: ClassVar[str] = "tutoring.tutor_verified"

    tutor_id: TutorId
    verified_by: UserId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TutorListed(DomainEvent):
    """Students find the tutor from now on."""

    name: ClassVar[str] = "tutoring.tutor_listed"

    tutor_id: TutorId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TutorUnlisted(DomainEvent):
    """Students do not find the tutor any more."""

    name: ClassVar[str] = "tutoring.tutor_unlisted"

    tutor_id: TutorId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class TutorDashboardInitialized(DomainEvent):
    name: ClassVar[str] = "tutoring.tutor_dashboard_initialized"

    tutor_id: TutorId
    occurred_at: datetime
