"""Everything that ever happened to tutors, for the search: nothing decides by it.

Tutors are stored as they are (repository.py); what happens to them is appended here in the same transaction.
"""

from operator import attrgetter
from typing import Final

from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.store.event_store import EventStore
from subgraphs.tutoring.domain.events import (
    AvailabilityChanged,
    TutorDashboardInitialized,
    TutorListed,
    TutorProfileCreated,
    TutorProfileUpdated,
    TutorUnlisted,
    TutorVerified,
)
from subgraphs.tutoring.domain.values import TutorId

REGISTRY: Final = Registry[DomainEvent](
    attrgetter("name"),
    (
        AvailabilityChanged,
        TutorDashboardInitialized,
        TutorListed,
        TutorProfileCreated,
        TutorProfileUpdated,
        TutorUnlisted,
        TutorVerified,
    ),
)
EVENTS: Final = EventStore("tutoring", REGISTRY)


def stream_of(tutor_id: TutorId) -> str:
    return f"tutoring.tutor-{tutor_id}"
