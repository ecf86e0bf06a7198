"""What plait says about schemas: diagnostics, and the one table of their codes."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from graphql import Node

_LINE_BREAK = re.compile(r"\r\n|[\n\r]")
_LONGEST_MESSAGE = 10_000  # characters: names and values that it quotes may have millions


class Severity(StrEnum):
    """An error stops composition or fails a check; a warning does where it is told to; a hint does not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Topic(StrEnum):
    """What a code is about."""

    COMPOSITION = "composition"
    CHANGES = "changes"
    OPERATIONS = "operations"
    INPUT = "input"
    LINT = "lint"


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
    topic: Topic = Topic.COMPOSITION

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
        if len(message) > _LONGEST_MESSAGE:
            half = _LONGEST_MESSAGE // 2
            message = f"{message[:half]} … {message[-half:]}"
        return Diagnostic(self.name, self.severity, message, coordinate, named, places, fix)


def location(subgraph: str, node: Node, *, file: str | None = None) -> Location | None:
    """Where a parsed node stands, or None for a node that no source text holds."""
    if node.loc is None:
        return None
    return location_at(subgraph, node.loc.source.body, node.loc.start, file=file)


def location_at(subgraph: str, text: str, position: int, *, file: str | None = None) -> Location:
    """Where a position of a text, counted in characters from 0, stands in it."""
    starts = _line_starts(text)
    line = bisect_right(starts, position)
    return Location(subgraph, file, line, position - starts[line - 1] + 1)


@lru_cache(maxsize=64)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins; thousands of findings may be in the same text."""
    return (0, *(line_break.end() for line_break in _LINE_BREAK.finditer(text)))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions: errors, warnings, hints, and then by coordinate, code, message."""
    return tuple(
        sorted(
            set(diagnostics),
            key=lambda d: (_RANKS[d.severity], d.coordinate or "", d.code, d.message, d.locations),
        )
    )


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


CODES: dict[str, Code] = {}


def _error(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.ERROR, meaning))


def _hint(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.HINT, meaning))


def _breaking(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.ERROR, meaning, Topic.CHANGES))


def _dangerous(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.WARNING, meaning, Topic.CHANGES))


def _safe(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.HINT, meaning, Topic.CHANGES))


def _of_operations(name: str, severity: Severity, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, severity, meaning, Topic.OPERATIONS))


def _input(name: str, meaning: str) -> Code:
    return CODES.setdefault(name, Code(name, Severity.ERROR, meaning, Topic.INPUT))


def _lint(name: str, meaning: str, severity: Severity = Severity.WARNING) -> Code:
    return CODES.setdefault(name, Code(name, severity, meaning, Topic.LINT))


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
UNSUPPORTED_LINKED_FEATURE = _error(
    "UNSUPPORTED_LINKED_FEATURE", "A subgraph links a specification that is not supported."
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

# Merging the subgraphs.
NO_QUERIES = _error("NO_QUERIES", "No subgraph has a query, so there is nothing to ask.")
TYPE_KIND_MISMATCH = _error(
    "TYPE_KIND_MISMATCH", "A name stands for different kinds of types in different subgraphs."
)
EXTENSION_WITH_NO_BASE = _error("EXTENSION_WITH_NO_BASE", "A type is extended, but no subgraph defines it.")
FIELD_TYPE_MISMATCH = _error(
    "FIELD_TYPE_MISMATCH", "A field's types in different subgraphs have none among them that fits all."
)
FIELD_ARGUMENT_TYPE_MISMATCH = _error(
    "FIELD_ARGUMENT_TYPE_MISMATCH", "An argument's types in different subgraphs do not fit together."
)
FIELD_ARGUMENT_DEFAULT_MISMATCH = _error(
    "FIELD_ARGUMENT_DEFAULT_MISMATCH", "An argument has different default values in different subgraphs."
)
REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH = _error(
    "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
    "An argument is required in one subgraph and missing in another.",
)
INPUT_FIELD_DEFAULT_MISMATCH = _error(
    "INPUT_FIELD_DEFAULT_MISMATCH", "An input field has different default values in different subgraphs."
)
REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH = _error(
    "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
    "An input field is required in one subgraph and missing in another.",
)
EMPTY_MERGED_INPUT_TYPE = _error(
    "EMPTY_MERGED_INPUT_TYPE", "The subgraphs have no field of an input object in common."
)
EMPTY_MERGED_ENUM_TYPE = _error(
    "EMPTY_MERGED_ENUM_TYPE", "The subgraphs have no value of an input enum in common."
)
ENUM_VALUE_MISMATCH = _error(
    "ENUM_VALUE_MISMATCH", "An enum used as input and output differs between subgraphs."
)
INVALID_FIELD_SHARING = _error(
    "INVALID_FIELD_SHARING", "Several subgraphs resolve a field, and not all of them mark it @shareable."
)
SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES = _error(
    "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
    "A shared field returns an abstract type whose possible types have nothing in common.",
)
EXTERNAL_MISSING_ON_BASE = _error(
    "EXTERNAL_MISSING_ON_BASE", "A field is @external in all subgraphs that have it."
)
EXTERNAL_TYPE_MISMATCH = _error(
    "EXTERNAL_TYPE_MISMATCH", "An external field has another type than where it is resolved."
)
EXTERNAL_ARGUMENT_MISSING = _error(
    "EXTERNAL_ARGUMENT_MISSING", "An external field lacks an argument that it has where it is resolved."
)
EXTERNAL_ARGUMENT_TYPE_MISMATCH = _error(
    "EXTERNAL_ARGUMENT_TYPE_MISMATCH", "An external field's argument has another type."
)
EXTERNAL_ARGUMENT_DEFAULT_MISMATCH = _error(
    "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", "An external field's argument has another default value."
)
MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL = _error(
    "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", "A directive that is merged stands on an external field."
)
OVERRIDE_FROM_SELF_ERROR = _error("OVERRIDE_FROM_SELF_ERROR", "A field is overridden from its own subgraph.")
OVERRIDE_SOURCE_HAS_OVERRIDE = _error(
    "OVERRIDE_SOURCE_HAS_OVERRIDE", "A field is overridden from a subgraph that overrides it, too."
)
OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE = _error(
    "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
    "An overriding field is external, or an overridden one has @requires or @provides.",
)
OVERRIDE_LABEL_INVALID = _error("OVERRIDE_LABEL_INVALID", "The label of an @override is malformed.")
INTERFACE_FIELD_NO_IMPLEM = _error(
    "INTERFACE_FIELD_NO_IMPLEM", "A type lacks a field that another subgraph's interface has."
)
INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE = _error(
    "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
    "A subgraph has a @key on an interface without knowing all of its implementations.",
)
CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS = _error(
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
    "An argument comes from a context in one subgraph and is required of clients in another.",
)
MISSING_TRANSITIVE_AUTH_REQUIREMENTS = _error(
    "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
    "A field is computed from protected fields without being protected as they are.",
)
LINK_IMPORT_NAME_MISMATCH = _error(
    "LINK_IMPORT_NAME_MISMATCH", "A merged directive is imported under different names."
)
DIRECTIVE_COMPOSITION_ERROR = _error(
    "DIRECTIVE_COMPOSITION_ERROR", "A @composeDirective cannot be carried out."
)

# @inaccessible and the API schema.
QUERY_ROOT_TYPE_INACCESSIBLE = _error("QUERY_ROOT_TYPE_INACCESSIBLE", "The query root is inaccessible.")
ONLY_INACCESSIBLE_CHILDREN = _error(
    "ONLY_INACCESSIBLE_CHILDREN", "A visible type has nothing that is visible."
)
REFERENCED_INACCESSIBLE = _error(
    "REFERENCED_INACCESSIBLE", "A visible element is of a type that is inaccessible."
)
IMPLEMENTED_BY_INACCESSIBLE = _error(
    "IMPLEMENTED_BY_INACCESSIBLE", "A visible element of an interface is implemented by an inaccessible one."
)
REQUIRED_INACCESSIBLE = _error(
    "REQUIRED_INACCESSIBLE", "A required argument or input field is inaccessible, so no client can give it."
)
DEFAULT_VALUE_USES_INACCESSIBLE = _error(
    "DEFAULT_VALUE_USES_INACCESSIBLE", "A visible default value uses an inaccessible element."
)
DISALLOWED_INACCESSIBLE = _error(
    "DISALLOWED_INACCESSIBLE", "An element is inaccessible that cannot be, as a directive's argument."
)

# Hints: the supergraph is fine, but its author may want to know.
UNUSED_ENUM_TYPE = _hint("UNUSED_ENUM_TYPE", "An enum is used nowhere.")
INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE = _hint(
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "A field has different types that fit together."
)
INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE = _hint(
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", "An argument has different types that fit together."
)
INCONSISTENT_ARGUMENT_PRESENCE = _hint(
    "INCONSISTENT_ARGUMENT_PRESENCE", "An optional argument is left out, since a subgraph lacks it."
)
INCONSISTENT_DEFAULT_VALUE_PRESENCE = _hint(
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE", "A default value is left out, since a subgraph has none."
)
INCONSISTENT_INPUT_OBJECT_FIELD = _hint(
    "INCONSISTENT_INPUT_OBJECT_FIELD", "An optional input field is left out, since a subgraph lacks it."
)
INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD = _hint(
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", "An interface's field is not in all subgraphs."
)
INCONSISTENT_OBJECT_VALUE_TYPE_FIELD = _hint(
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", "A field of a type without key is not in all subgraphs."
)
INCONSISTENT_UNION_MEMBER = _hint("INCONSISTENT_UNION_MEMBER", "A member of a union is not in all subgraphs.")
INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM = _hint(
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "A value of an input enum is left out."
)
INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM = _hint(
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "A value of an output enum is not in all subgraphs."
)
INCONSISTENT_ENTITY = _hint("INCONSISTENT_ENTITY", "A type is an entity in some subgraphs only.")
INCONSISTENT_DESCRIPTION = _hint(
    "INCONSISTENT_DESCRIPTION", "An element's descriptions differ; the most common one is taken."
)
INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN = _hint(
    "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
    "A shared field returns an abstract type whose possible types differ.",
)
INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = _hint(
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
    "A directive's arguments differ; the most common ones are taken.",
)
MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS = _hint(
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", "A directive's arguments differ; they are merged."
)
INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE = _hint(
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
    "A directive for operations is left out, since a subgraph does not define it.",
)
INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS = _hint(
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
    "A directive for operations keeps the locations that all subgraphs allow.",
)
INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE = _hint(
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
    "A directive for operations is repeatable in some subgraphs only, and so not in the supergraph.",
)
NO_EXECUTABLE_DIRECTIVE_INTERSECTION = _hint(
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
    "A directive for operations is left out, since its locations have nothing in common.",
)
CONTEXTUAL_ARGUMENT_DROPPED = Code(
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
    Severity.HINT,
    "An argument comes from a context in one subgraph and is an optional one in another.",
)  # the code of the error, which users search for, with the severity of a hint
FROM_SUBGRAPH_DOES_NOT_EXIST = _hint(
    "FROM_SUBGRAPH_DOES_NOT_EXIST", "An @override names a subgraph that does not exist."
)
OVERRIDDEN_FIELD_CAN_BE_REMOVED = _hint(
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED", "A field was overridden and can be removed from its old subgraph."
)
OVERRIDE_DIRECTIVE_CAN_BE_REMOVED = _hint(
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "The old subgraph no longer has the overridden field."
)
OVERRIDE_MIGRATION_IN_PROGRESS = _hint(
    "OVERRIDE_MIGRATION_IN_PROGRESS", "A field is being moved to another subgraph, by a label."
)
DIRECTIVE_COMPOSITION_INFO = _hint(
    "DIRECTIVE_COMPOSITION_INFO", "A @composeDirective names a directive that is composed anyway."
)
DIRECTIVE_COMPOSITION_WARN = _hint(
    "DIRECTIVE_COMPOSITION_WARN", "A composed directive has another name in a subgraph."
)
IMPLICITLY_UPGRADED_FEDERATION_VERSION = _hint(
    "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
    "A subgraph links a specification that needs a later federation version than it links.",
)
CONTRACT_TAG_UNKNOWN = _hint("CONTRACT_TAG_UNKNOWN", "A contract names a tag that nothing in the graph has.")

# Changes between two schemas. Names are those of graphql-js and GraphOS, where they have one.
ROOT_TYPE_REMOVED = _breaking(
    "ROOT_TYPE_REMOVED", "A kind of operation is gone: queries, mutations or subscriptions."
)
ROOT_TYPE_CHANGED = _breaking("ROOT_TYPE_CHANGED", "A kind of operation begins at another type.")
TYPE_REMOVED = _breaking("TYPE_REMOVED", "A type was removed.")
TYPE_CHANGED_KIND = _breaking("TYPE_CHANGED_KIND", "A type became another kind of type.")
IMPLEMENTED_INTERFACE_REMOVED = _breaking(
    "IMPLEMENTED_INTERFACE_REMOVED", "A type no longer implements an interface."
)
TYPE_REMOVED_FROM_UNION = _breaking("TYPE_REMOVED_FROM_UNION", "A type is no longer a member of a union.")
VALUE_REMOVED_FROM_ENUM = _breaking(
    "VALUE_REMOVED_FROM_ENUM", "A value that clients can send was removed from an enum."
)
FIELD_REMOVED = _breaking("FIELD_REMOVED", "A field was removed.")
FIELD_CHANGED_TYPE = _breaking(
    "FIELD_CHANGED_TYPE", "A field's type promises less than it did, or something else."
)
REQUIRED_ARG_ADDED = _breaking("REQUIRED_ARG_ADDED", "An argument was added that must be given.")
ARG_REMOVED = _breaking("ARG_REMOVED", "An argument was removed.")
ARG_CHANGED_TYPE = _breaking(
    "ARG_CHANGED_TYPE", "An argument's type takes less than it did, or something else."
)
ARG_BECAME_REQUIRED = _breaking(
    "ARG_BECAME_REQUIRED", "An argument lost the default value that made it optional."
)
REQUIRED_INPUT_FIELD_ADDED = _breaking(
    "REQUIRED_INPUT_FIELD_ADDED", "An input field was added that must be given."
)
INPUT_FIELD_REMOVED = _breaking("INPUT_FIELD_REMOVED", "An input field was removed.")
INPUT_FIELD_CHANGED_TYPE = _breaking(
    "INPUT_FIELD_CHANGED_TYPE", "An input field's type takes less than it did, or something else."
)
INPUT_FIELD_BECAME_REQUIRED = _breaking(
    "INPUT_FIELD_BECAME_REQUIRED", "An input field lost the default value that made it optional."
)
ONE_OF_ADDED = _breaking("ONE_OF_ADDED", "An input object takes exactly one of its fields now.")
DIRECTIVE_REMOVED = _breaking("DIRECTIVE_REMOVED", "A directive for operations was removed.")
DIRECTIVE_LOCATION_REMOVED = _breaking(
    "DIRECTIVE_LOCATION_REMOVED", "A directive can no longer stand where it could."
)
DIRECTIVE_REPEATABLE_REMOVED = _breaking(
    "DIRECTIVE_REPEATABLE_REMOVED", "A directive can no longer be repeated."
)

FIELD_TYPE_NARROWED_BESIDE_OTHERS = _dangerous(
    "FIELD_TYPE_NARROWED_BESIDE_OTHERS",
    "A field promises more, which differs now from what stands beside it in other types.",
)
SPECIFIED_BY_CHANGED = _dangerous("SPECIFIED_BY_CHANGED", "A scalar is specified elsewhere, or no longer.")
IMPLEMENTED_INTERFACE_ADDED = _dangerous(
    "IMPLEMENTED_INTERFACE_ADDED",
    "A type implements an interface, so that clients of the interface can get it.",
)
TYPE_ADDED_TO_UNION = _dangerous(
    "TYPE_ADDED_TO_UNION", "A type is a new member of a union, so that clients of the union can get it."
)
VALUE_ADDED_TO_ENUM = _dangerous("VALUE_ADDED_TO_ENUM", "A value was added to an enum that clients get.")
VALUE_REMOVED_FROM_OUTPUT_ENUM = _dangerous(
    "VALUE_REMOVED_FROM_OUTPUT_ENUM", "A value was removed from an enum that clients only get."
)
OPTIONAL_ARG_ADDED = _dangerous("OPTIONAL_ARG_ADDED", "An argument was added that may be left out.")
ARG_DEFAULT_VALUE_CHANGE = _dangerous(
    "ARG_DEFAULT_VALUE_CHANGE", "The value of an argument that is left out changed."
)
OPTIONAL_INPUT_FIELD_ADDED = _dangerous(
    "OPTIONAL_INPUT_FIELD_ADDED", "An input field was added that may be left out."
)
INPUT_FIELD_DEFAULT_VALUE_CHANGE = _dangerous(
    "INPUT_FIELD_DEFAULT_VALUE_CHANGE", "The value of an input field that is left out changed."
)
ACCESS_REQUIREMENT_CHANGED = _dangerous(
    "ACCESS_REQUIREMENT_CHANGED", "Other clients than before may see an element."
)
COST_INCREASED = _dangerous(
    "COST_INCREASED", "An element costs more to ask for, so that gateways may refuse operations with it."
)
LIST_SIZE_CHANGED = _dangerous(
    "LIST_SIZE_CHANGED", "A list may count as longer, so that gateways may refuse operations with it."
)

ROOT_TYPE_ADDED = _safe("ROOT_TYPE_ADDED", "A kind of operation was added: mutations or subscriptions.")
TYPE_ADDED = _safe("TYPE_ADDED", "A type was added.")
DESCRIPTION_CHANGED = _safe("DESCRIPTION_CHANGED", "An element's description changed.")
DEPRECATION_ADDED = _safe("DEPRECATION_ADDED", "An element is deprecated now.")
DEPRECATION_REMOVED = _safe("DEPRECATION_REMOVED", "An element is no longer deprecated.")
DEPRECATION_REASON_CHANGED = _safe(
    "DEPRECATION_REASON_CHANGED", "An element is deprecated for another reason."
)
SPECIFIED_BY_ADDED = _safe("SPECIFIED_BY_ADDED", "A scalar says now where it is specified.")
VALUE_ADDED_TO_INPUT_ENUM = _safe(
    "VALUE_ADDED_TO_INPUT_ENUM", "A value was added to an enum that clients only send."
)
FIELD_ADDED = _safe("FIELD_ADDED", "A field was added.")
FIELD_TYPE_NARROWED = _safe("FIELD_TYPE_NARROWED", "A field promises more than it did.")
ARG_TYPE_WIDENED = _safe("ARG_TYPE_WIDENED", "An argument takes more than it did.")
ARG_BECAME_OPTIONAL = _safe("ARG_BECAME_OPTIONAL", "A required argument got a default value.")
INPUT_FIELD_TYPE_WIDENED = _safe("INPUT_FIELD_TYPE_WIDENED", "An input field takes more than it did.")
INPUT_FIELD_BECAME_OPTIONAL = _safe(
    "INPUT_FIELD_BECAME_OPTIONAL", "A required input field got a default value."
)
ONE_OF_REMOVED = _safe("ONE_OF_REMOVED", "An input object takes any of its fields again.")
DIRECTIVE_ADDED = _safe("DIRECTIVE_ADDED", "A directive was added.")
DIRECTIVE_LOCATION_ADDED = _safe("DIRECTIVE_LOCATION_ADDED", "A directive can stand in more places.")
DIRECTIVE_REPEATABLE_ADDED = _safe("DIRECTIVE_REPEATABLE_ADDED", "A directive can be repeated.")
APPLIED_DIRECTIVES_CHANGED = _safe(
    "APPLIED_DIRECTIVES_CHANGED", "Other directives than before are applied on an element."
)
COST_DECREASED = _safe("COST_DECREASED", "An element costs less to ask for.")
LIST_SIZE_DECREASED = _safe("LIST_SIZE_DECREASED", "A list counts as no longer than it did.")
SUBGRAPH_ADDED = _safe("SUBGRAPH_ADDED", "A subgraph joined the supergraph.")
SUBGRAPH_REMOVED = _safe("SUBGRAPH_REMOVED", "A subgraph left the supergraph.")
SUBGRAPH_URL_CHANGED = _safe("SUBGRAPH_URL_CHANGED", "A subgraph is served elsewhere.")
TYPE_SUBGRAPHS_CHANGED = _safe("TYPE_SUBGRAPHS_CHANGED", "Other subgraphs than before have a type.")
FIELD_SUBGRAPHS_CHANGED = _safe("FIELD_SUBGRAPHS_CHANGED", "Other subgraphs than before resolve a field.")
ENTITY_KEYS_CHANGED = _safe("ENTITY_KEYS_CHANGED", "An entity has other keys in a subgraph.")
INTERFACE_OBJECT_CHANGED = _safe(
    "INTERFACE_OBJECT_CHANGED", "A subgraph knows an interface as an @interfaceObject, or no longer."
)
FIELD_REQUIRES_CHANGED = _safe("FIELD_REQUIRES_CHANGED", "A field requires other fields than before.")
FIELD_PROVIDES_CHANGED = _safe("FIELD_PROVIDES_CHANGED", "A field provides other fields than before.")
FIELD_OVERRIDE_CHANGED = _safe("FIELD_OVERRIDE_CHANGED", "A field is overridden differently.")
CONTEXT_CHANGED = _safe("CONTEXT_CHANGED", "A context is set by other types, or used differently.")

# Recorded operations and their plans.
OPERATION_NO_LONGER_VALID = _of_operations(
    "OPERATION_NO_LONGER_VALID",
    Severity.ERROR,
    "A recorded operation does not validate against the new schema.",
)
OPERATION_ALREADY_INVALID = _of_operations(
    "OPERATION_ALREADY_INVALID", Severity.HINT, "A recorded operation did not validate before, either."
)
NO_USAGE_RECORDED = _of_operations(
    "NO_USAGE_RECORDED",
    Severity.WARNING,
    "There is no usage in the window, so no change is safe because of it.",
)
OPERATION_TOO_EXPENSIVE = _of_operations(
    "OPERATION_TOO_EXPENSIVE",
    Severity.ERROR,
    "A recorded operation is expected to cost more than gateways allow, and was not before.",
)
PLAN_IMPOSSIBLE = _of_operations(
    "PLAN_IMPOSSIBLE", Severity.ERROR, "An operation that had a query plan has none any more."
)
PLAN_GAINED_HOP = _of_operations(
    "PLAN_GAINED_HOP",
    Severity.WARNING,
    "An operation waits for more fetches one after the other than before.",
)
PLAN_GAINED_FETCH = _of_operations(
    "PLAN_GAINED_FETCH", Severity.WARNING, "An operation needs more fetches than before."
)


# Lint: GraphOS's names, and Cosmo's for what can be pruned.
DOES_NOT_PARSE = _lint("DOES_NOT_PARSE", "A schema is not GraphQL.", Severity.ERROR)
QUERY_DOCUMENT_DECLARATION = _lint(
    "QUERY_DOCUMENT_DECLARATION", "A schema holds an operation or a fragment.", Severity.ERROR
)
FIELD_NAMES_SHOULD_BE_CAMEL_CASE = _lint(
    "FIELD_NAMES_SHOULD_BE_CAMEL_CASE", "A field's name is not in camelCase."
)
RESTY_FIELD_NAMES = _lint("RESTY_FIELD_NAMES", "A field's name begins with a verb of HTTP APIs.")
TYPE_NAMES_SHOULD_BE_PASCAL_CASE = _lint(
    "TYPE_NAMES_SHOULD_BE_PASCAL_CASE", "A type's name is not in PascalCase."
)
TYPE_PREFIX = _lint("TYPE_PREFIX", "A type's name begins with Type.")
TYPE_SUFFIX = _lint("TYPE_SUFFIX", "A type's name ends with Type.")
OBJECT_PREFIX = _lint("OBJECT_PREFIX", "An object type's name begins with Object.")
OBJECT_SUFFIX = _lint("OBJECT_SUFFIX", "An object type's name ends with Object.")
INTERFACE_PREFIX = _lint("INTERFACE_PREFIX", "An interface's name begins with Interface.")
INTERFACE_SUFFIX = _lint("INTERFACE_SUFFIX", "An interface's name ends with Interface.")
INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE = _lint(
    "INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE", "An argument's or input field's name is not in camelCase."
)
INPUT_TYPE_SUFFIX = _lint("INPUT_TYPE_SUFFIX", "An input object's name does not end with Input.")
ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE = _lint(
    "ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE", "An enum value is not in SCREAMING_SNAKE_CASE."
)
ENUM_PREFIX = _lint("ENUM_PREFIX", "An enum's name begins with Enum.")
ENUM_SUFFIX = _lint("ENUM_SUFFIX", "An enum's name ends with Enum.")
ENUM_USED_AS_INPUT_WITHOUT_SUFFIX = _lint(
    "ENUM_USED_AS_INPUT_WITHOUT_SUFFIX", "An enum that clients send does not end with Input."
)
ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX = _lint(
    "ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX", "An enum that clients get ends with Input."
)
DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE = _lint(
    "DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE", "A directive's name is not in camelCase."
)
ALL_ELEMENTS_REQUIRE_DESCRIPTION = _lint("ALL_ELEMENTS_REQUIRE_DESCRIPTION", "An element has no description.")
CONTACT_DIRECTIVE_MISSING = _lint("CONTACT_DIRECTIVE_MISSING", "A schema does not say whom to ask about it.")
DEFINED_TYPES_ARE_UNUSED = _lint("DEFINED_TYPES_ARE_UNUSED", "A type is defined and used nowhere.")
DEPRECATED_DIRECTIVE_MISSING_REASON = _lint(
    "DEPRECATED_DIRECTIVE_MISSING_REASON", "A @deprecated gives no reason."
)
TAG_DIRECTIVE_USES_UNKNOWN_NAME = _lint(
    "TAG_DIRECTIVE_USES_UNKNOWN_NAME", "A @tag has a name that is not approved."
)
REQUIRE_DEPRECATION_BEFORE_DELETION = _lint(
    "REQUIRE_DEPRECATION_BEFORE_DELETION", "An element was removed that was not deprecated before."
)
UNUSED_FIELDS = _lint("UNUSED_FIELDS", "No recorded operation uses a field.")
DEPRECATED_FIELDS = _lint("DEPRECATED_FIELDS", "A deprecated field is used no more and can be removed.")

# What checks are given beside schemas.
INVALID_OPERATIONS = _input("INVALID_OPERATIONS", "A file of operations cannot be read.")
INVALID_USAGE = _input("INVALID_USAGE", "A file of usage cannot be read.")
INVALID_APPROVALS = _input("INVALID_APPROVALS", "A file of approvals cannot be read.")
