"""What contexts cache, and for how long: one table, since caches share one store.

Never: payments, enrolments, whatever is private or used once.
"""

from datetime import timedelta
from typing import Final

from subgraphs.kernel.cache.rules import CacheRule

USER: Final = CacheRule("user:{id}", timedelta(hours=1))
"""What is public of a user."""

COURSE: Final = CacheRule("course:{id}", timedelta(hours=1))
"""What is public of a course. Written through."""

COURSES_OF_SUBJECT: Final = CacheRule("courses:subject:{subject}", timedelta(minutes=30))
"""A catalogue's page, as a member; all pages of a subject are forgotten together."""

COURSES_OF_TUTOR: Final = CacheRule("tutor:{id}:courses", timedelta(minutes=30))
"""What a tutor teaches."""

TUTOR_PROFILE: Final = CacheRule("tutor:{id}", timedelta(hours=1))
"""What is public of a tutor."""

TUTOR_SEARCH: Final = CacheRule("tutors:search:{search}", timedelta(minutes=30))
"""Which tutors are found: what many look for is looked for once, for as long as no tutor changes anything."""

LEADERBOARD: Final = CacheRule("leaderboard:{type}", timedelta(minutes=5))
"""By type; the limit, and whatever else makes another answer, is in the member."""
