"""The Federation specification as data and pure functions; nothing here is plait's own idea.

- `versions`: what a version is, and which there are.
- `specifications`: every specification a subgraph may link, with the directives and types of each version.
- `link`: `@link` and `@core` applications, read and checked.
- `names`: what the elements of the linked specifications are called in one document.
- `field_set`: the selections in `@key(fields:)`, `@requires` and `@provides`.
- `context`: the value of `@fromContext(field:)`.
- `applied`: the directives on a node, and what their arguments say.
- `fields`, `type_reference`: parts of the syntax tree.
- `parsing`: text to syntax tree, for hostile text too.
- `schema_rules`: what makes a schema valid GraphQL.
"""

from plait_schema.federation.applied import (
    Key,
    Override,
    applied,
    argument,
    boolean_argument,
    is_applied,
    keys_of,
    override_of,
    string_argument,
    without,
    written_name,
)
from plait_schema.federation.field_set import parse_field_set, print_field_set
from plait_schema.federation.link import Link
from plait_schema.federation.versions import FEDERATION_1, Version

__all__ = [
    "FEDERATION_1",
    "Key",
    "Link",
    "Override",
    "Version",
    "applied",
    "argument",
    "boolean_argument",
    "is_applied",
    "keys_of",
    "override_of",
    "parse_field_set",
    "print_field_set",
    "string_argument",
    "without",
    "written_name",
]
