"""INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import camel_case, is_camel_case
from plait_schema.diagnostics import INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE, Diagnostic


def input_argument_names_should_be_camel_case(linted: Linted) -> Iterator[Diagnostic]:
    """Arguments of fields and directives, and input fields, are written as fields are."""
    for what, found in (("argument", linted.arguments), ("input field", linted.input_fields)):
        for coordinate, node in found:
            if not is_camel_case(node.name.value):
                message = f"The name of the {what} {coordinate} is not in camelCase."
                fix = f"Call it {camel_case(node.name.value)}."
                yield linted.finding(
                    INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE, coordinate, message, node.name, fix=fix
                )
