"""Ways through a document for visitors that look for one thing: past names, types and descriptions.

Without one, graphql-core's `visit` goes into everything, which is several times as many nodes.
"""

from typing import Final

from graphql.language.ast import QUERY_DOCUMENT_KEYS


def _ways(*keys: str, stop_at: str) -> dict[str, tuple[str, ...]]:
    return {
        kind: () if kind == stop_at else tuple(key for key in known if key in keys)
        for kind, known in QUERY_DOCUMENT_KEYS.items()
    }


TO_DIRECTIVES: Final = _ways(
    "definitions", "directives", "operation_types", "fields", "arguments", "values", stop_at="directive"
)
TO_INPUT_VALUES: Final = _ways("definitions", "fields", "arguments", stop_at="input_value_definition")
TO_REFERENCES: Final = _ways(
    "definitions",
    "operation_types",
    "fields",
    "arguments",
    "interfaces",
    "types",
    "type",
    stop_at="named_type",
)
