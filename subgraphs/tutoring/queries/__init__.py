"""What tutoring can be asked.

profiles  tutors by their ids and their users, from what is true; cached
finding   tutors by what they offer, from the search, cached; and those who fit what somebody looks for
"""

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Clock, Page
from subgraphs.kernel.store.database import Database
from subgraphs.tutoring.queries import finding, profiles
from subgraphs.tutoring.queries.profiles import TutorView


def register(
    bus: QueryBus,
    *,
    clock: Clock,
    cached_tutors: Cached[TutorView],
    searches: Cached[Page[str]],
    database: Database,
) -> None:
    """Register every query with its handler. The clock says when it is."""
    profiles.register(bus, cached_tutors=cached_tutors)
    finding.register(bus, clock=clock, searches=searches, database=database)
