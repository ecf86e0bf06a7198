"""What a context can be asked to do or to tell."""

from typing import Generic, TypeVar

R = TypeVar("R", covariant=True)


class Command(Generic[R]):
    """A wish to change one aggregate, in the imperative; a frozen dataclass. Done, it is worth an `R`."""

    __slots__ = ()


class Query(Generic[R]):
    """A question that changes nothing; a frozen dataclass. Its answer is an `R`."""

    __slots__ = ()
