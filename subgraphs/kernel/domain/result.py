"""The answer of an operation that may be refused."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T", covariant=True)
E = TypeVar("E", covariant=True)


@dataclass(frozen=True, slots=True)
class Success(Generic[T]):
    """It was done, and this came of it."""

    value: T


@dataclass(frozen=True, slots=True)
class Failure(Generic[E]):
    """It was refused, and nothing has changed."""

    error: E


Result: TypeAlias = Success[T] | Failure[E]
