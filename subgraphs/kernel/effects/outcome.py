"""What came of an effect, and what goes wrong on the way to that."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Succeeded(Generic[R]):
    """It was done. `result` is what the provider has said about it."""

    result: R


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider has declined, for a reason of the business: a value, and as final as a success."""

    code: str
    message: str


Outcome: TypeAlias = Succeeded[R] | Refused


class ProviderError(Exception):
    """The provider's trouble, whatever was asked of it. It is asked again."""


class NotDoneError(ProviderError):
    """Nothing was done: the provider could not be reached, or has said that it is busy."""


class OutcomeUnknownError(ProviderError):
    """It may have been done: the answer did not come, or made no sense."""


class RequestRejectedError(Exception):
    """The provider will never do it as it was asked: a mistake of ours."""
