"""Who somebody is, what they are called, and how they prove it."""

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from subgraphs.kernel.domain import DomainError, Failure, Identifier, Result, Success, ValueObject

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@.<>()\[\],;:\\\"]+(\.[^\s@.<>()\[\],;:\\\"]+)+")
_LONGEST_EMAIL = 254
_LONGEST_NAME = 100
_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD_BYTES = 72  # bcrypt sees no further


@dataclass(frozen=True, slots=True)
class UserId(Identifier):
    """The identity of a user, in every context."""


@dataclass(frozen=True, slots=True)
class Email(ValueObject):
    """An address, in lower case and composed: one person, one account, however it is typed."""

    value: str

    @classmethod
    def parse(cls, text: str) -> "Result[Email, DomainError]":
        """INVALID_EMAIL unless it has the form of an address; whether it exists, only a mail can tell."""
        box, at, domain = text.strip().rpartition("@")
        address = f"{normalize('NFC', box)}{at}{normalize('NFKC', domain)}".lower()  # RFC 6532, 3.1; RFC 5895
        if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address) or not address.isprintable():
            return Failure(DomainError("INVALID_EMAIL", "This is not an email address", "email"))
        return Success(cls(address))


@dataclass(frozen=True, slots=True)
class Password(ValueObject):
    """A password somebody has chosen; never stored, never shown."""

    value: str = field(repr=False)

    @classmethod
    def choose(cls, text: str) -> "Result[Password, DomainError]":
        """WEAK_PASSWORD when short or one character repeated, PASSWORD_TOO_LONG beyond 72 bytes of UTF-8."""
        if len(text) < _SHORTEST_PASSWORD or len(set(text)) == 1:
            message = f"A password has at least {_SHORTEST_PASSWORD} characters, not all the same"
            return Failure(DomainError("WEAK_PASSWORD", message, "password"))
        if not cls.fits(text):
            message = f"A password has at most {_LONGEST_PASSWORD_BYTES} bytes (UTF-8), none of them 0"
            return Failure(DomainError("PASSWORD_TOO_LONG", message, "password"))
        return Success(cls(text))

    @staticmethod
    def fits(text: str) -> bool:
        """Whether it can be anybody's password at all."""
        try:
            return len(text.encode()) <= _LONGEST_PASSWORD_BYTES and "\0" not in text
        except UnicodeEncodeError:  # half a surrogate pair
            return False


@dataclass(frozen=True, slots=True)
class PasswordHash(ValueObject):
    """What is stored in place of a password."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionId(Identifier):
    """The identity of a login that lasts."""


@dataclass(frozen=True, slots=True)
class SecretHash(ValueObject):
    """What is stored in place of a token that its owner alone knows."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonName(ValueObject):
    """What somebody is called."""

    first: str
    last: str

    @classmethod
    def of(cls, first: str, last: str) -> "Result[PersonName, DomainError]":
        """INVALID_NAME, with the field at fault."""
        for name, value in (("firstName", first.strip()), ("lastName", last.strip())):
            if not 1 <= len(value) <= _LONGEST_NAME or not value.isprintable():
                return Failure(
                    DomainError("INVALID_NAME", f"A name has 1 to {_LONGEST_NAME} visible characters", name)
                )
        return Success(cls(first.strip(), last.strip()))
