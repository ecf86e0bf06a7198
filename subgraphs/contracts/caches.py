"""What contexts cache, and for how long: one table, since caches share one store.

Never: payments, enrolments, whatever is private or used once.
"""

from datetime import timedelta
from typing import Final

from subgraphs.kernel.cache.rules import CacheRule

USER: Final = CacheRule("user", timedelta(hours=1))
"""By id; what is public of a user."""
