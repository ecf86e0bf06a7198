"""The integration events that contexts publish for each other, one module per source context.

These are promises: a version only ever gains optional fields. What breaks that is a new version with an
upcaster from the old one, as long as every consumer can do with it; or a new event beside the old one, such
as `learning.exercise_completed.v2`, until nobody consumes the old one any more. Each version that was ever
published is kept as a golden file of the tests.
"""

from operator import attrgetter
from typing import Final

from subgraphs.contracts import gamification, identity, learning
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.upcasting import Upcaster

UPCASTERS: Final[tuple[Upcaster, ...]] = ()

CONTRACTS: Final = Registry[IntegrationEvent](
    attrgetter("type"),
    (
        gamification.BadgeUnlocked,
        gamification.LevelUp,
        gamification.XpEarned,
        identity.UserCreated,
        identity.UserRegistered,
        identity.UserRoleChanged,
        identity.UserUpdated,
        learning.CourseCreated,
        learning.CoursePublished,
        learning.ExerciseCompleted,
        learning.LessonCompleted,
    ),
    upcasters=UPCASTERS,
)
