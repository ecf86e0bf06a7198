"""Which fields operations ask for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from graphql import GraphQLError, GraphQLSchema, parse

from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.operations.mentions import mentions
from plait_schema.diagnostics import Location
from plait_schema.registry.usage import OperationUsage

_MOST_KEPT: Final = 20_000  # operations
_NOWHERE: Final = Location("", None, 1, 1)


class FieldUses:
    """Of one schema. Each operation is read once, however often it is asked for."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._mentions: dict[str, frozenset[str]] = {}

    def requests(self, operations: Iterable[OperationUsage]) -> Mapping[str, int]:
        """Requests that asked for each field, `Type.field`. An operation counts as far as it fits."""
        found = Counter[str]()
        for operation in operations:
            found.update(dict.fromkeys(self._of(operation), operation.requests))
        return found

    def asking_for(self, coordinate: str, operations: Iterable[OperationUsage]) -> tuple[OperationUsage, ...]:
        """The operations that ask for a field."""
        return tuple(one for one in operations if coordinate in self._of(one))

    def _of(self, operation: OperationUsage) -> frozenset[str]:
        if operation.id not in self._mentions:
            if len(self._mentions) >= _MOST_KEPT:
                self._mentions.clear()
            self._mentions[operation.id] = self._read(operation)
        return self._mentions[operation.id]

    def _read(self, operation: OperationUsage) -> frozenset[str]:
        try:
            document = parse(operation.document)
        except GraphQLError:
            return frozenset()
        return mentions(RecordedOperation(operation.id, operation.name, document, _NOWHERE), self._schema)
