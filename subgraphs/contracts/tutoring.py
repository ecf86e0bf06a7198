"""What tutoring tells the other contexts. Every event's key is the tutor profile's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class TutorProfileCreated(IntegrationEvent):
    """A tutor can be looked for. `email` is where to welcome them."""

    type: ClassVar[str] = "tutoring.tutor_profile_created"
    tutor_id: str
    user_id: str
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TutorCreated(IntegrationEvent):
    """What the search knows of a new tutor; follows the TutorProfileCreated of the same one."""

    type: ClassVar[str] = "tutoring.tutor_created"
    tutor_id: str
    user_id: str
    subjects: tuple[str, ...]
    hourly_rate_minor: int | None
    currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TutorProfileUpdated(IntegrationEvent):
    """What a tutor teaches, and for how much, has changed; all of it."""

    type: ClassVar[str] = "tutoring.tutor_profile_updated"
    tutor_id: str
    user_id: str
    headline: str
    subjects: tuple[str, ...]
    hourly_rate_minor: int | None
    currency: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TutorVerified(IntegrationEvent):
    """The academy vouches for a tutor."""

    type: ClassVar[str] = "tutoring.tutor_verified"
    tutor_id: str
    user_id: str
    verified_by: str
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class AvailabilityChanged(IntegrationEvent):
    """When a tutor has time has changed."""

    type: ClassVar[str] = "tutoring.availability_changed"
    tutor_id: str
    user_id: str
    changed_at: datetime
