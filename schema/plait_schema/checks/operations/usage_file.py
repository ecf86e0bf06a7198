"""Usage: how often which client sent which operation, as JSON lines or as one JSON document.

The README of this package has the format. What is missing, unknown or of another type is an error with its
line: usage that is silently left out would make breaking changes look safe.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from plait_schema.checks.input_error import InputError
from plait_schema.checks.operations.documents import parse_operations, split
from plait_schema.checks.operations.recorded import Client, RecordedOperation, Use, identity
from plait_schema.diagnostics import INVALID_USAGE, Location
from plait_schema.usage import FORMAT, VERSION

_KEYS: Final = {"operation", "client", "requests", "from", "to", "coordinates", "errors", "durations"}
_OPERATION_KEYS: Final = {"id", "name", "document"}
_CLIENT_KEYS: Final = {"name", "version"}


def read_usage(text: str, file: str) -> tuple[RecordedOperation, ...]:
    """One recorded operation for each record, with its use; raises InputError.

    Records of the same operation and client add up. An operation's document may stand in one of its records
    and be named by its id in the others.
    """
    documents: dict[str, str] = {}
    records = list(_records(text, file))
    for record in records:
        record.learn(documents)
    return tuple(operation for record in records for operation in record.operations(documents))


class _Record:
    """One record, with its place for messages."""

    def __init__(self, file: str, line: int, value: Any) -> None:
        self.file = file
        self.line = line
        if not isinstance(value, dict):
            raise self.problem("A record is a JSON object.")
        self.value: dict[str, Any] = value
        self.refuse_unknown(self.value, _KEYS, "a record")
        self.operation = self.mapping("operation", _OPERATION_KEYS, required=True)

    def learn(self, documents: dict[str, str]) -> None:
        """Remember the document that the record gives for its operation's id."""
        id_, document = self.text(self.operation, "id"), self.text(self.operation, "document")
        if id_ is not None and document is not None:
            documents[id_] = document

    def operations(self, documents: Mapping[str, str]) -> Iterator[RecordedOperation]:
        use = self.use()
        id_, name = self.text(self.operation, "id"), self.text(self.operation, "name")
        document = self.text(self.operation, "document") or documents.get(id_ or "")
        place = Location("", self.file, self.line, 1)
        if document is None:
            if id_ is None:
                raise self.problem('"operation" needs a "document", or the "id" of one.')
            yield RecordedOperation(id_, name, None, place, uses=(use,))
            return
        try:
            parsed = parse_operations(document, self.file)
        except InputError as error:
            at = f"{error.line}:{error.column}"
            raise self.problem(f"The document is no GraphQL: {error.message} ({at} in it)") from error
        for one in split(parsed):
            found = RecordedOperation(id_ or identity(one), None, one, place, uses=(use,))
            own = found.definition.name.value if found.definition and found.definition.name else None
            if name is None or own is None or name == own:
                yield RecordedOperation(found.id, own or name, one, place, uses=(use,))

    def use(self) -> Use:
        client = self.mapping("client", _CLIENT_KEYS)
        return Use(
            Client(self.text(client, "name") or "", self.text(client, "version") or ""),
            self.count(self.value.get("requests"), '"requests"'),
            self.time("from"),
            self.time("to"),
            self.coordinates(),
        )

    def coordinates(self) -> Mapping[str, int] | None:
        found = self.value.get("coordinates")
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.problem('"coordinates" must map schema coordinates to counts.')
        return {name: self.count(count, f'"{name}"') for name, count in found.items()}

    def mapping(self, key: str, known: set[str], *, required: bool = False) -> dict[str, Any]:
        found = self.value.get(key)
        if found is None and not required:
            return {}
        if not isinstance(found, dict):
            raise self.problem(f'"{key}" must be an object with {", ".join(sorted(known))}.')
        self.refuse_unknown(found, known, f'"{key}"')
        return found

    def text(self, mapping: Mapping[str, Any], key: str) -> str | None:
        found = mapping.get(key)
        if found is not None and not isinstance(found, str):
            raise self.problem(f'"{key}" must be a text.')
        return found

    def count(self, value: Any, key: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.problem(f"{key} must be a whole number, zero or more.")
        return value

    def time(self, key: str) -> datetime | None:
        found = self.text(self.value, key)
        if found is None:
            return None
        try:
            time = datetime.fromisoformat(found)
        except ValueError as error:
            message = f'"{key}" must be a time as 2026-11-29T00:00:00Z, and not "{found}".'
            raise self.problem(message) from error
        return time if time.tzinfo else time.replace(tzinfo=UTC)

    def refuse_unknown(self, mapping: Mapping[str, Any], known: set[str], what: str) -> None:
        for key in mapping:
            if key not in known:
                raise self.problem(f'There is no "{key}" in {what}, but {", ".join(sorted(known))}.')

    def problem(self, message: str) -> InputError:
        return InputError(INVALID_USAGE, self.file, message, line=self.line)


def _records(text: str, file: str) -> Iterator[_Record]:
    if (whole := _document(text)) is not None:
        if (whole.get("format"), whole.get("version")) != (FORMAT, VERSION):
            message = f'A usage document has "format": "{FORMAT}" and "version": {VERSION}.'
            raise InputError(INVALID_USAGE, file, message)
        found = whole.get("records")
        if not isinstance(found, list):
            raise InputError(INVALID_USAGE, file, 'A usage document has a list of "records".')
        for value in found:
            yield _Record(file, 1, value)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _Record(file, number, _parsed(line, file, number))


def _document(text: str) -> dict[str, Any] | None:
    """The text as one document that says so, and not a line of records."""
    try:
        whole: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return whole if isinstance(whole, dict) and "operation" not in whole else None


def _parsed(line: str, file: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        column = getattr(error, "colno", 1)
        message = f"This line is no JSON: {getattr(error, 'msg', error)}."
        raise InputError(INVALID_USAGE, file, message, line=number, column=column) from error
    except RecursionError as error:
        raise InputError(INVALID_USAGE, file, "This line nests too deep.", line=number) from error
