"""How somebody wants to be treated: an aggregate of its own, with what holds for everybody at first."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from subgraphs.identity.domain.credentials import UserId
from subgraphs.identity.domain.events import UserSettingsCreated, UserSettingsUpdated
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success, ValueObject

_LONGEST_TIME_ZONE = 64


@dataclass(frozen=True, slots=True)
class Preferences(ValueObject):
    """`time_zone` is a name of the IANA database: by it days begin, and streaks with them.

    By which ways somebody wants to be told what is notification's affair.
    """

    time_zone: str = "UTC"

    @classmethod
    def of(cls, time_zone: str) -> "Result[Preferences, DomainError]":
        """INVALID_TIME_ZONE."""
        if not _is_time_zone(time_zone):
            message = "A time zone is a name such as Europe/Berlin"
            return Failure(DomainError("INVALID_TIME_ZONE", message, "timeZone"))
        return Success(cls(time_zone))


@dataclass(eq=False, kw_only=True)
class UserSettings(AggregateRoot[UserId]):
    """One per user, under the user's id."""

    preferences: Preferences
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, user_id: UserId, now: datetime) -> "UserSettings":
        """The default settings."""
        settings = cls(id=user_id, preferences=Preferences(), created_at=now, updated_at=now)
        settings.raise_(UserSettingsCreated(user_id, settings.preferences, now))
        return settings

    def update(self, preferences: Preferences, now: datetime) -> Result[None, DomainError]:
        """Want something else; the same again is no event."""
        if preferences != self.preferences:
            self.preferences, self.updated_at = preferences, now
            self.raise_(UserSettingsUpdated(self.id, preferences, now))
        return Success(None)


def _is_time_zone(name: str) -> bool:
    if not 1 <= len(name) <= _LONGEST_TIME_ZONE:
        return False
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True
