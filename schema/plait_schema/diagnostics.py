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

# One subgraph on its own.
INVALID_SUBGRAPH_NAME = _error("INVALID_SUBGRAPH_NAME", "A subgraph's name is empty or reserved.")
INVALID_LINK_IDENTIFIER = _error(
    "INVALID_LINK_IDENTIFIER", "The url of a @link names no specification and version."
)
INVALID_LINK_DIRECTIVE_USAGE = _error(
    "INVALID_LINK_DIRECTIVE_USAGE", "A @link contradicts its specification or another @link."
)
UNKNOWN_LINK_VERSION = _error(
    "UNKNOWN_LINK_VERSION", "The link specification is linked in an unknown version."
)
UNKNOWN_FEDERATION_LINK_VERSION = _error(
    "UNKNOWN_FEDERATION_LINK_VERSION", "The federation specification is linked in an unknown version."
)
DIRECTIVE_DEFINITION_INVALID = _error(
    "DIRECTIVE_DEFINITION_INVALID", "A subgraph defines a directive of a specification differently than it."
)
TYPE_DEFINITION_INVALID = _error(
    "TYPE_DEFINITION_INVALID", "A subgraph defines a type of a specification differently than it."
)
ROOT_QUERY_USED = _error(
    "ROOT_QUERY_USED", "The query root has another name, and a type named Query exists too."
)
ROOT_MUTATION_USED = _error(
    "ROOT_MUTATION_USED", "The mutation root has another name, and a type named Mutation exists too."
)
ROOT_SUBSCRIPTION_USED = _error(
    "ROOT_SUBSCRIPTION_USED",
    "The subscription root has another name, and a type named Subscription exists too.",
)
TYPE_WITH_ONLY_UNUSED_EXTERNAL = _error(
    "TYPE_WITH_ONLY_UNUSED_EXTERNAL", "A Federation 1 type has nothing but external fields that are not used."
)
KEY_UNSUPPORTED_ON_INTERFACE = _error(
    "KEY_UNSUPPORTED_ON_INTERFACE", "A @key on an interface needs federation 2.3."
)
KEY_INVALID_FIELDS_TYPE = _error("KEY_INVALID_FIELDS_TYPE", "The fields of a @key are not a string.")
KEY_INVALID_FIELDS = _error(
    "KEY_INVALID_FIELDS", "The fields of a @key are not a selection of the type's fields."
)
KEY_FIELDS_HAS_ARGS = _error("KEY_FIELDS_HAS_ARGS", "A field of a @key takes arguments.")
KEY_FIELDS_SELECT_INVALID_TYPE = _error(
    "KEY_FIELDS_SELECT_INVALID_TYPE", "A field of a @key returns an interface or a union."
)
KEY_DIRECTIVE_IN_FIELDS_ARG = _error(
    "KEY_DIRECTIVE_IN_FIELDS_ARG", "A directive stands inside the fields of a @key."
)
PROVIDES_UNSUPPORTED_ON_INTERFACE = _error(
    "PROVIDES_UNSUPPORTED_ON_INTERFACE", "A @provides stands on a field of an interface."
)
PROVIDES_ON_NON_OBJECT_FIELD = _error(
    "PROVIDES_ON_NON_OBJECT_FIELD", "A @provides stands on a field without subfields."
)
PROVIDES_INVALID_FIELDS_TYPE = _error(
    "PROVIDES_INVALID_FIELDS_TYPE", "The fields of a @provides are not a string."
)
PROVIDES_INVALID_FIELDS = _error(
    "PROVIDES_INVALID_FIELDS", "The fields of a @provides are not a selection of the returned type's fields."
)
PROVIDES_FIELDS_HAS_ARGS = _error("PROVIDES_FIELDS_HAS_ARGS", "A field of a @provides takes arguments.")
PROVIDES_FIELDS_MISSING_EXTERNAL = _error(
    "PROVIDES_FIELDS_MISSING_EXTERNAL", "A field of a @provides is not external."
)
PROVIDES_DIRECTIVE_IN_FIELDS_ARG = _error(
    "PROVIDES_DIRECTIVE_IN_FIELDS_ARG", "A directive stands inside the fields of a @provides."
)
REQUIRES_UNSUPPORTED_ON_INTERFACE = _error(
    "REQUIRES_UNSUPPORTED_ON_INTERFACE", "A @requires stands on a field of an interface."
)
REQUIRES_INVALID_FIELDS_TYPE = _error(
    "REQUIRES_INVALID_FIELDS_TYPE", "The fields of a @requires are not a string."
)
REQUIRES_INVALID_FIELDS = _error(
    "REQUIRES_INVALID_FIELDS", "The fields of a @requires are not a selection of the type's fields."
)
REQUIRES_FIELDS_MISSING_EXTERNAL = _error(
    "REQUIRES_FIELDS_MISSING_EXTERNAL", "A field of a @requires is not external."
)
REQUIRES_DIRECTIVE_IN_FIELDS_ARG = _error(
    "REQUIRES_DIRECTIVE_IN_FIELDS_ARG", "A directive stands inside the fields of a @requires."
)
EXTERNAL_UNUSED = _error(
    "EXTERNAL_UNUSED", "An external field is used by no key, @requires, @provides, context or interface."
)
EXTERNAL_ON_INTERFACE = _error("EXTERNAL_ON_INTERFACE", "A field of an interface is external.")
EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE = _error(
    "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
    "An external field has a directive that only its owner can have.",
)
INVALID_SHAREABLE_USAGE = _error(
    "INVALID_SHAREABLE_USAGE", "A @shareable stands on a field of an interface, or twice on one element."
)
OVERRIDE_ON_INTERFACE = _error("OVERRIDE_ON_INTERFACE", "An @override stands on a field of an interface.")
INTERFACE_OBJECT_USAGE_ERROR = _error(
    "INTERFACE_OBJECT_USAGE_ERROR", "An @interfaceObject type lacks a key, or no subgraph has its interface."
)
INTERFACE_KEY_NOT_ON_IMPLEMENTATION = _error(
    "INTERFACE_KEY_NOT_ON_IMPLEMENTATION", "A type lacks the key of an interface that it implements."
)
AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE = _error(
    "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
    "An access requirement stands on an interface or an interface object.",
)
CONTEXT_NAME_INVALID = _error(
    "CONTEXT_NAME_INVALID", "A context's name has other characters than letters and digits."
)
CONTEXT_NOT_SET = _error(
    "CONTEXT_NOT_SET", "A @fromContext refers to a context that no type sets, or stands where none can be."
)
NO_CONTEXT_IN_SELECTION = _error(
    "NO_CONTEXT_IN_SELECTION", "A @fromContext does not begin with the name of a context."
)
CONTEXT_INVALID_SELECTION = _error(
    "CONTEXT_INVALID_SELECTION", "A @fromContext does not select one value of the argument's type."
)
CONTEXT_NO_RESOLVABLE_KEY = _error(
    "CONTEXT_NO_RESOLVABLE_KEY", "A type that uses a context has no resolvable key."
)
COST_APPLIED_TO_INTERFACE_FIELD = _error(
    "COST_APPLIED_TO_INTERFACE_FIELD", "A @cost stands on a field of an interface."
)
LIST_SIZE_APPLIED_TO_NON_LIST = _error(
    "LIST_SIZE_APPLIED_TO_NON_LIST", "A @listSize speaks of a field that is not a list."
)
LIST_SIZE_INVALID_ASSUMED_SIZE = _error(
    "LIST_SIZE_INVALID_ASSUMED_SIZE", "The assumed size of a @listSize is negative."
)
LIST_SIZE_INVALID_SIZED_FIELD = _error(
    "LIST_SIZE_INVALID_SIZED_FIELD", "A sized field of a @listSize does not exist."
)
LIST_SIZE_INVALID_SLICING_ARGUMENT = _error(
    "LIST_SIZE_INVALID_SLICING_ARGUMENT", "A slicing argument of a @listSize does not exist or is no integer."
)
