"""FIELD_NAMES_SHOULD_BE_CAMEL_CASE"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import camel_case, is_camel_case
from plait_schema.diagnostics import FIELD_NAMES_SHOULD_BE_CAMEL_CASE, Diagnostic


def field_names_should_be_camel_case(linted: Linted) -> Iterator[Diagnostic]:
    """Names that are written alike are guessed right."""
    for coordinate, node in linted.fields:
        if not is_camel_case(node.name.value):
            message = f"The name of the field {coordinate} is not in camelCase."
            fix = f"Call it {camel_case(node.name.value)}."
            yield linted.finding(FIELD_NAMES_SHOULD_BE_CAMEL_CASE, coordinate, message, node.name, fix=fix)
