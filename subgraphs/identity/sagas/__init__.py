"""What takes several transactions, and days.

onboarding    a new user gets a profile, settings and a welcome
verification  who signs up gets a mail, a reminder, and a week
"""

from subgraphs.identity.sagas.onboarding import USER_ONBOARDING
from subgraphs.identity.sagas.verification import USER_VERIFICATION

__all__ = ["USER_ONBOARDING", "USER_VERIFICATION"]
