"""What somebody tells the others."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject

T = TypeVar("T")

_LONGEST_NAME = 100
_LONGEST_BIO = 2_000
_LONGEST_URL = 2_048
_LONGEST_SKILL = 50
_MOST_SKILLS = 30


@dataclass(frozen=True, slots=True)
class SetTo(Generic[T]):
    """A new value, in a change that may leave other things as they are."""

    value: T


@dataclass(frozen=True, slots=True)
class UserProfile(ValueObject):
    """What somebody tells the others."""

    first_name: str
    last_name: str
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
    ) -> "Result[UserProfile, DomainError]":
        """INVALID_NAME, INVALID_BIO, INVALID_AVATAR_URL or INVALID_SKILLS, with the field at fault."""
        first_name, last_name, bio = first_name.strip(), last_name.strip(), (bio or "").strip() or None
        skills = tuple(dict.fromkeys(skill.strip() for skill in skills))
        for name, value in (("firstName", first_name), ("lastName", last_name)):
            if not 1 <= len(value) <= _LONGEST_NAME or not value.isprintable():
                message = f"A name has 1 to {_LONGEST_NAME} characters"
                return Failure(DomainError("INVALID_NAME", message, name))
        if bio and (len(bio) > _LONGEST_BIO or "\0" in bio):
            return Failure(DomainError("INVALID_BIO", f"A bio has at most {_LONGEST_BIO} characters", "bio"))
        if avatar_url is not None and not _is_https_url(avatar_url):
            return Failure(DomainError("INVALID_AVATAR_URL", "An avatar is an https address", "avatarUrl"))
        if len(skills) > _MOST_SKILLS or not all(map(_is_skill, skills)):
            message = f"At most {_MOST_SKILLS} skills of 1 to {_LONGEST_SKILL} characters"
            return Failure(DomainError("INVALID_SKILLS", message, "skills"))
        return Success(cls(first_name, last_name, bio, avatar_url, skills))

    def changed(
        self,
        *,
        first_name: SetTo[str] | None,
        last_name: SetTo[str] | None,
        bio: SetTo[str | None] | None,
        avatar_url: SetTo[str | None] | None,
        skills: SetTo[tuple[str, ...]] | None,
    ) -> "Result[UserProfile, DomainError]":
        """This profile with other values here and there; refused as in `of`."""
        return UserProfile.of(
            first_name.value if first_name else self.first_name,
            last_name.value if last_name else self.last_name,
            bio=bio.value if bio else self.bio,
            avatar_url=avatar_url.value if avatar_url else self.avatar_url,
            skills=skills.value if skills else self.skills,
        )


def _is_skill(text: str) -> bool:
    return 1 <= len(text) <= _LONGEST_SKILL and text.isprintable()


def _is_https_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme == "https" and bool(url.hostname) and len(text) <= _LONGEST_URL and text.isprintable()
