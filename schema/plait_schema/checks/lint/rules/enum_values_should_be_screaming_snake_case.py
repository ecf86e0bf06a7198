"""ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import is_screaming_snake_case, screaming_snake_case
from plait_schema.diagnostics import ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE, Diagnostic


def enum_values_should_be_screaming_snake_case(linted: Linted) -> Iterator[Diagnostic]:
    """Enum values are told from everything else by the way they are written."""
    for coordinate, node in linted.enum_values:
        if not is_screaming_snake_case(node.name.value):
            message = f"The enum value {coordinate} is not in SCREAMING_SNAKE_CASE."
            fix = f"Call it {screaming_snake_case(node.name.value)}."
            yield linted.finding(
                ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE, coordinate, message, node.name, fix=fix
            )
