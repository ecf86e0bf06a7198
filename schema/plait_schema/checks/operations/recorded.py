"""Operations that clients are known to send."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from graphql import DocumentNode, OperationDefinitionNode, print_ast

from plait_schema.diagnostics import Location


@dataclass(frozen=True, slots=True, order=True)
class Client:
    """Who sends an operation; the version may be empty."""

    name: str
    version: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Use:
    """How often one client sent an operation in a span of time.

    `coordinates` are the fields, arguments, input fields and enum values of it that were used, with counts.
    Without them it is taken to send everything that its variables can hold.
    """

    client: Client
    requests: int
    start: datetime | None = None
    end: datetime | None = None
    coordinates: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """One operation with the fragments that it needs, and who sent it.

    `document` is None where only coordinates are known. `in_file` says that nodes stand where the file has
    them, so that findings have exact places. An operation without uses is one that clients have: it counts
    as used, however often.
    """

    id: str
    name: str | None
    document: DocumentNode | None
    location: Location
    in_file: bool = False
    uses: tuple[Use, ...] = ()

    @property
    def title(self) -> str:
        return self.name or f"operation {self.id[:12]}"

    @property
    def definition(self) -> OperationDefinitionNode | None:
        nodes = self.document.definitions if self.document else ()
        return next((node for node in nodes if isinstance(node, OperationDefinitionNode)), None)


def identity(document: DocumentNode) -> str:
    """The same for the same operation, however it is laid out."""
    texts = sorted(print_ast(node) for node in document.definitions)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def merged(operations: Iterable[RecordedOperation]) -> tuple[RecordedOperation, ...]:
    """Each operation once, with all its uses; the one that stands in a file gives the place.

    An operation of which only the id is known is the one that has this id and a document.
    """
    operations = tuple(operations)
    same = {each.id: identity(each.document) for each in operations if each.document is not None}
    found: dict[str, RecordedOperation] = {}
    for operation in operations:
        id_ = same.get(operation.id, operation.id)
        known = found.get(id_, operation)
        better = operation if _rank(operation) > _rank(known) else known
        uses = operation.uses if known is operation else (*known.uses, *operation.uses)
        found[id_] = replace(better, id=id_, uses=uses)
    return tuple(sorted(found.values(), key=lambda each: (each.name or "", each.id)))


def _rank(operation: RecordedOperation) -> tuple[bool, bool]:
    return operation.document is not None, operation.in_file
