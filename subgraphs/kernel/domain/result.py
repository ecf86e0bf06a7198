"""The answer of an operation that may be refused."""

from collections.abc import Iterable
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

A = TypeVar("A")
B = TypeVar("B")


def combine(results: Iterable[Result[A, B]]) -> Result[tuple[A, ...], B]:
    """All values, in their order; the first error when there is one."""
    values = []
    for result in results:
        if isinstance(result, Failure):
            return result
        values.append(result.value)
    return Success(tuple(values))
