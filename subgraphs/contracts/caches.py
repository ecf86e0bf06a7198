"""What contexts cache, and for how long: one table, since caches share one store.

Never: payments, enrolments, whatever is private or used once.
"""

from datetime import timedelta
from typing import Final

from subgraphs.kernel.cache.rules import CacheRule

USER: Final = CacheRule("user", timedelta(hours=1))
"""By id; what is public of a user."""
COURSE: Final = CacheRule("course", timedelta(hours=1))
"""By id; what everybody may see of a published course. Written through."""
COURSES_OF_SUBJECT: Final = CacheRule("courses:subject", timedelta(minutes=30))
"""By subject and page."""
COURSES_OF_TUTOR: Final = CacheRule("tutor:courses", timedelta(minutes=30))
"""By tutor and page."""
TUTOR_PROFILE: Final = CacheRule("tutor", timedelta(hours=1))
"""By tutor id; what is public of a tutor."""
LEADERBOARD: Final = CacheRule("leaderboard", timedelta(minutes=5))
"""By type, period and limit."""
