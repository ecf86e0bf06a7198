"""What plait says about schemas: diagnostics, and the one table of their codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import Node, get_location


class Severity(StrEnum):
    """An error stops composition; a hint does not."""

    ERROR = "error"
    HINT = "hint"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a subgraph's SDL; line and column count from 1."""

    subgraph: str
    file: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what is wrong (or worth knowing), where, and how to mend it where that is known."""

    code: str
    severity: Severity
    message: str
    coordinate: str | None = None  # a schema coordinate, "Type.field(argument:)"
    subgraphs: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    fix: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry of `plait compose --format json`."""
        entry: dict[str, Any] = {
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "subgraphs": list(self.subgraphs),
            "coordinate": self.coordinate,
            "locations": [
                {"subgraph": at.subgraph, "file": at.file, "line": at.line, "column": at.column}
                for at in self.locations
            ],
        }
        return entry | ({"fix": self.fix} if self.fix else {})


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the table: a stable name, its severity, and what it means in one sentence."""

    name: str
    severity: Severity
    meaning: str

    def at(
        self,
        coordinate: str | None,
        message: str,
        *,
        subgraphs: Iterable[str] = (),
        locations: Iterable[Location] = (),
        fix: str | None = None,
    ) -> Diagnostic:
        """A finding of this kind. Subgraphs are taken from the locations when none are named."""
        places = tuple(sorted(set(locations)))
        named = tuple(sorted(set(subgraphs) or {place.subgraph for place in places}))
        return Diagnostic(self.name, self.severity, message, coordinate, named, places, fix)


def location(subgraph: str, node: Node, *, file: str | None = None) -> Location | None:
    """Where a parsed node stands, or None for a node that no source text holds."""
    if node.loc is None:
        return None
    place = get_location(node.loc.source, node.loc.start)
    return Location(subgraph, file, place.line, place.column)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions: errors before hints, then by coordinate, code, message."""
    return tuple(
        sorted(
            set(diagnostics),
            key=lambda d: (d.severity is Severity.HINT, d.coordinate or "", d.code, d.message, d.locations),
        )
    )


CODES: dict[str, Code] = {}


def _error(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.ERROR, meaning))


def _hint(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.HINT, meaning))


INVALID_GRAPHQL = _error("INVALID_GRAPHQL", "A subgraph's schema is not valid GraphQL.")
INVALID_FEDERATION_SUPERGRAPH = _error(
    "INVALID_FEDERATION_SUPERGRAPH", "A text is not a supergraph of the join specification."
)
UNSUPPORTED_FEATURE = _error(
    "UNSUPPORTED_FEATURE", "A supergraph needs a specification that is not supported."
)
SATISFIABILITY_ERROR = _error("SATISFIABILITY_ERROR", "A query of the API schema cannot be answered.")
