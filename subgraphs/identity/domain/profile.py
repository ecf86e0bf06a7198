"""What somebody tells the others: an aggregate of its own, so that it may change while the account does.

Its name is what the others see; the account's is what somebody signed up with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from subgraphs.identity.domain.credentials import PersonName, UserId
from subgraphs.identity.domain.events import UserProfileCreated, UserProfileUpdated
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success, ValueObject

T = TypeVar("T")

_LONGEST_BIO = 2_000
_LONGEST_URL = 2_048
_LONGEST_SKILL = 50
_MOST_SKILLS = 30


@dataclass(frozen=True, slots=True)
class SetTo(Generic[T]):
    """A new value, in a change that may leave other things as they are."""

    value: T


@dataclass(frozen=True, slots=True)
class ProfileDetails(ValueObject):
    """What there is to read."""

    person: PersonName
    bio: str | None = None
    avatar_url: str | None = None
    skills: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        first_name: str,
        last_name: str,
        *,
        bio: str | None = None,
        avatar_url: str | None = None,
        skills: tuple[str, ...] = (),
    ) -> "Result[ProfileDetails, DomainError]":
        """INVALID_NAME, INVALID_BIO, INVALID_AVATAR_URL or INVALID_SKILLS, with the field at fault."""
        person, bio = PersonName.of(first_name, last_name), (bio or "").strip() or None
        skills = tuple(dict.fromkeys(skill.strip() for skill in skills))
        if isinstance(person, Failure):
            return person
        if bio and (len(bio) > _LONGEST_BIO or "\0" in bio):
            return Failure(DomainError("INVALID_BIO", f"A bio has at most {_LONGEST_BIO} characters", "bio"))
        if avatar_url is not None and not _is_https_url(avatar_url):
            return Failure(DomainError("INVALID_AVATAR_URL", "An avatar is an https address", "avatarUrl"))
        if len(skills) > _MOST_SKILLS or not all(map(_is_skill, skills)):
            message = f"At most {_MOST_SKILLS} skills of 1 to {_LONGEST_SKILL} characters"
            return Failure(DomainError("INVALID_SKILLS", message, "skills"))
        return Success(cls(person.value, bio, avatar_url, skills))

    def changed(
        self,
        *,
        first_name: SetTo[str] | None = None,
        last_name: SetTo[str] | None = None,
        bio: SetTo[str | None] | None = None,
        avatar_url: SetTo[str | None] | None = None,
        skills: SetTo[tuple[str, ...]] | None = None,
    ) -> "Result[ProfileDetails, DomainError]":
        """These with other values here and there; refused as in `of`."""
        return ProfileDetails.of(
            first_name.value if first_name else self.person.first,
            last_name.value if last_name else self.person.last,
            bio=bio.value if bio else self.bio,
            avatar_url=avatar_url.value if avatar_url else self.avatar_url,
            skills=skills.value if skills else self.skills,
        )


@dataclass(eq=False, kw_only=True)
class UserProfile(AggregateRoot[UserId]):
    """One per user, under the user's id."""

    details: ProfileDetails
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, user_id: UserId, details: ProfileDetails, now: datetime) -> "UserProfile":
        profile = cls(id=user_id, details=details, created_at=now, updated_at=now)
        profile.raise_(UserProfileCreated(user_id, details, now))
        return profile

    def update(self, details: ProfileDetails, now: datetime) -> Result[None, DomainError]:
        """Tell the others something else; the same again is no event."""
        if details != self.details:
            self.details, self.updated_at = details, now
            self.raise_(UserProfileUpdated(self.id, details, now))
        return Success(None)


def _is_skill(text: str) -> bool:
    return 1 <= len(text) <= _LONGEST_SKILL and text.isprintable()


def _is_https_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme == "https" and bool(url.hostname) and len(text) <= _LONGEST_URL and text.isprintable()
