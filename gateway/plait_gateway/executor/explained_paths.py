"""Which nulls of a response the errors explain that are there already."""

from collections.abc import Iterable
from dataclasses import dataclass

from plait_gateway.errors import ResponsePath


@dataclass(frozen=True, slots=True)
class ExplainedPaths:
    """The places of errors, and what stands above them."""

    _at: frozenset[ResponsePath]
    _above: frozenset[ResponsePath]

    @classmethod
    def of(cls, errors: Iterable[ResponsePath]) -> "ExplainedPaths":
        """By the paths of the errors, as far as the client knows them."""
        at = frozenset(path for path in errors if path)
        return cls(at, frozenset(path[:length] for path in at for length in range(1, len(path))))

    def __contains__(self, path: ResponsePath) -> bool:
        """Whether an error is at the place, above it, or below it where the null may have come from."""
        return path in self._above or any(path[:length] in self._at for length in range(1, len(path) + 1))
