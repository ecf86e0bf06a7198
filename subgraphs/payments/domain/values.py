"""The values of payments: valid once they exist."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, Identifier, Money, Result, Success, ValueObject
from subgraphs.payments.domain.errors import (
    INVALID_AMOUNT,
    INVALID_CARD,
    INVALID_REASON,
    PURPOSE_REQUIRED,
)
from subgraphs.payments.domain.identifiers import ClassId, CourseId, SubscriptionId

_LARGEST_AMOUNT: Final = 99_999_999  # what providers take at once
_TOKEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,99}")
_LONGEST_REASON: Final = 200
_LONGEST_REFERENCE: Final = 100


class PaymentStatus(StrEnum):
    """How far a payment has come."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


class PaymentMethod(StrEnum):
    """How somebody pays."""

    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    CASH = "CASH"

    @property
    def is_manual(self) -> bool:
        """Whether the academy's own people see the money come and go, and nobody else."""
        return self is not PaymentMethod.CARD


@dataclass(frozen=True, slots=True)
class Purpose(ValueObject):
    """What is paid for. The oldest payments do not say it."""

    course_id: str | None = None
    class_id: str | None = None
    subscription_id: str | None = None

    @classmethod
    def of(
        cls, course_id: str | None, class_id: str | None, subscription_id: str | None
    ) -> Result[Self, DomainError]:
        """PURPOSE_REQUIRED unless it is exactly one of them, INVALID_ID."""
        named: Result[Identifier, DomainError]
        match course_id, class_id, subscription_id:
            case str(), None, None:
                named = CourseId.parse(course_id, field="courseId")
            case None, str(), None:
                named = ClassId.parse(class_id, field="classId")
            case None, None, str():
                named = SubscriptionId.parse(subscription_id, field="subscriptionId")
            case _:
                return Failure(PURPOSE_REQUIRED)
        match named:
            case Failure() as failure:
                return failure
            case Success(value=CourseId() as id_):
                return Success(cls(course_id=str(id_)))
            case Success(value=ClassId() as id_):
                return Success(cls(class_id=str(id_)))
            case Success(value=id_):
                return Success(cls(subscription_id=str(id_)))

    @property
    def bought(self) -> str | None:
        """What is bought, as one name: `course:...`; None for the oldest payments."""
        match self:
            case Purpose(course_id=str(id_)):
                return f"course:{id_}"
            case Purpose(class_id=str(id_)):
                return f"class:{id_}"
            case Purpose(subscription_id=str(id_)):
                return f"subscription:{id_}"
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Card(ValueObject):
    """A card, by the provider's token; `customer` is whom it is kept for there, if it is kept."""

    token: str
    customer: str | None = None

    @classmethod
    def parse(cls, token: str, customer: str | None = None) -> Result[Self, DomainError]:
        """INVALID_CARD for what is no token, the number of a card above all."""
        if all(_TOKEN.fullmatch(one) for one in (token, customer) if one is not None):
            return Success(cls(token, customer))
        return Failure(INVALID_CARD)


@dataclass(frozen=True, slots=True)
class Reason(ValueObject):
    """Why somebody did something, for the records."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """INVALID_REASON when it is empty or too long."""
        stripped = text.strip()
        if not 1 <= len(stripped) <= _LONGEST_REASON:
            return Failure(INVALID_REASON)
        return Success(cls(stripped))

    def __str__(self) -> str:
        return self.text


def is_reference(text: str | None) -> bool:
    """Whether a bank can call a transfer so, if it calls it anything."""
    return text is None or (1 <= len(text) <= _LONGEST_REFERENCE and text.isprintable())


def payable(amount: Money) -> Result[Money, DomainError]:
    """INVALID_AMOUNT for nothing, less than nothing, or more than anybody pays at once."""
    if not 1 <= amount.amount_minor <= _LARGEST_AMOUNT:
        return Failure(INVALID_AMOUNT)
    return Success(amount)
