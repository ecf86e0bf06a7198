"""Persisted operations: a manifest as Apollo's tools write it, or a plain mapping of ids to documents.

{"format": "apollo-persisted-query-manifest", "version": 1,
 "operations": [{"id": "…", "name": "Me", "type": "query", "body": "query Me { me { id } }"}]}

{"…": "query Me { me { id } }"}
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from plait_schema.checks.input_error import InputError
from plait_schema.checks.operations.documents import parse_operations, split
from plait_schema.checks.operations.recorded import RecordedOperation
from plait_schema.diagnostics import INVALID_OPERATIONS, Location


def operations_of_manifest(text: str, file: str) -> tuple[RecordedOperation, ...]:
    """The operations under the ids that the manifest gives them; raises InputError."""
    try:
        manifest: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        message = f"This is no JSON: {getattr(error, 'msg', 'it nests too deep')}."
        raise InputError(INVALID_OPERATIONS, file, message, line=line, column=column) from error
    return tuple(
        operation
        for id_, body in _entries(manifest, file)
        for operation in _operations(id_, body, file, _line_of(text, id_))
    )


def _entries(manifest: Any, file: str) -> Iterator[tuple[str, str]]:
    match manifest:
        case {"operations": list(entries)}:
            for number, entry in enumerate(entries):
                match entry:
                    case {"id": str(id_), "body": str(body)}:
                        yield id_, body
                    case _:
                        message = f'Operation {number} of the manifest has no "id" and "body" that are texts.'
                        raise InputError(INVALID_OPERATIONS, file, message)
        case dict():
            for id_, body in manifest.items():
                if not isinstance(body, str):
                    message = f'"{id_}" is no text. A manifest maps ids to documents, or has "operations".'
                    raise InputError(INVALID_OPERATIONS, file, message, line=1)
                yield id_, body
        case _:
            raise InputError(INVALID_OPERATIONS, file, "A manifest is a JSON object.")


def _operations(id_: str, body: str, file: str, line: int) -> Iterator[RecordedOperation]:
    try:
        documents = tuple(split(parse_operations(body, file)))
    except InputError as error:
        message = f'The operation "{id_}" cannot be read: {error.message} ({error.line}:{error.column} in it)'
        raise InputError(INVALID_OPERATIONS, file, message, line=line) from error
    for document in documents:
        operation = RecordedOperation(id_, None, document, Location("", file, line, 1))
        definition = operation.definition
        name = definition.name.value if definition and definition.name else None
        yield replace(operation, name=name, id=id_ if len(documents) == 1 else f"{id_}#{name}")


def _line_of(text: str, id_: str) -> int:
    """Where the manifest has the id; the first line if it is written with escapes."""
    return text.count("\n", 0, max(text.find(json.dumps(id_)), 0)) + 1
