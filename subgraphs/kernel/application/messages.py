"""What a context can be asked to do or to tell."""

from typing import Any, Generic, TypeVar, get_args, get_origin

from subgraphs.kernel.domain import DomainError

R = TypeVar("R", covariant=True)


class Command(Generic[R]):
    """A wish to change one aggregate, in the imperative; a frozen dataclass. Done, it is worth an `R`.

    Fields with `repr=False` are secret: they are neither logged nor stored.
    """

    __slots__ = ()

    def invalid(self) -> DomainError | None:
        """Why it cannot be carried out whatever is stored, if it cannot."""
        return None


class Query(Generic[R]):
    """A question that changes nothing; a frozen dataclass. Its answer is an `R`."""

    __slots__ = ()


def result_of(command: type[Command[Any]]) -> Any:
    """The type `R` of a kind of command. TypeError when it does not say."""
    for base in getattr(command, "__orig_bases__", ()):
        if get_origin(base) is Command:
            return get_args(base)[0]
    raise TypeError(f"{command.__name__} does not say what it is worth: Command[...]")
