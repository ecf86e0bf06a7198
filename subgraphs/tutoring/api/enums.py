"""The domain's enums as GraphQL types, imported from here so that Strawberry knows them in time."""

import strawberry

from subgraphs.tutoring.domain.availability import Weekday
from subgraphs.tutoring.domain.matching import MatchReason
from subgraphs.tutoring.queries.finding import TutorOrder

__all__ = ["PUBLIC", "MatchReason", "TutorOrder", "Weekday"]

PUBLIC = ["public"]
"""The tag of what anybody may be shown."""

strawberry.federation.enum(Weekday, tags=PUBLIC, description="A day of the week.")
strawberry.federation.enum(MatchReason, tags=PUBLIC, description="What speaks for a tutor.")
strawberry.federation.enum(
    TutorOrder, tags=PUBLIC, description="Who comes first. Verified and well rated tutors break ties."
)
