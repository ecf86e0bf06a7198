"""Where somebody is reached besides by mail."""

import re
from dataclasses import dataclass
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject
from subgraphs.notification.domain.errors import INVALID_DEVICE, INVALID_PHONE_NUMBER

_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_TOKEN: Final = re.compile(r"[!-~]{1,512}")


@dataclass(frozen=True, slots=True)
class PhoneNumber(ValueObject):
    """A number by ITU-T E.164, with the country's code."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """INVALID_PHONE_NUMBER. Spaces, brackets, dots and dashes between the digits mean nothing."""
        number = re.sub(r"[ ().\-]", "", text)
        return Success(cls(number)) if _E164.fullmatch(number) else Failure(INVALID_PHONE_NUMBER)

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class Device(ValueObject):
    """An app on somebody's phone or in their browser, as the push service knows it."""

    token: str

    @classmethod
    def parse(cls, token: str) -> Result[Self, DomainError]:
        """INVALID_DEVICE."""
        return Success(cls(token)) if _TOKEN.fullmatch(token) else Failure(INVALID_DEVICE)
