"""DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import camel_case, is_camel_case
from plait_schema.diagnostics import DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE, Diagnostic


def directive_names_should_be_camel_case(linted: Linted) -> Iterator[Diagnostic]:
    """Directives of the specification are written so, and one's own stand beside them."""
    for node in linted.directives:
        name = node.name.value
        if not is_camel_case(name):
            message = f"The name of the directive @{name} is not in camelCase."
            fix = f"Call it @{camel_case(name)}."
            yield linted.finding(
                DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE, f"@{name}", message, node.name, fix=fix
            )
