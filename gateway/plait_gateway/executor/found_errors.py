"""The errors of one response, bounded: a subgraph could send millions of small things that are wrong."""

from dataclasses import dataclass, field

from plait_gateway.errors import ERRORS_LEFT_OUT, ResponseError

_MAX_ERRORS = 1_000


@dataclass(slots=True)
class FoundErrors:
    """Keeps the first errors that are found, and counts the others."""

    _kept: list[ResponseError] = field(default_factory=list)
    _left_out: int = 0

    def add(self, error: ResponseError) -> None:
        """Keep an error, or count it."""
        if len(self._kept) < _MAX_ERRORS:
            self._kept.append(error)
        else:
            self._left_out += 1

    def all(self) -> list[ResponseError]:
        """The errors in the order in which they were found, with one that stands for those left out."""
        if not self._left_out:
            return list(self._kept)
        return [*self._kept, ERRORS_LEFT_OUT.at(None, f"{self._left_out} more errors are left out.")]
