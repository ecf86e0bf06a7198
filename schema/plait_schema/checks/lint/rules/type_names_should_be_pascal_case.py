"""TYPE_NAMES_SHOULD_BE_PASCAL_CASE"""

from collections.abc import Iterator

from graphql import TypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import is_pascal_case, pascal_case
from plait_schema.diagnostics import TYPE_NAMES_SHOULD_BE_PASCAL_CASE, Diagnostic


def type_names_should_be_pascal_case(linted: Linted) -> Iterator[Diagnostic]:
    """Types are told from fields by the way they are written.

    Where one is extended it has its name already.
    """
    for node in linted.types:
        name = node.name.value
        if isinstance(node, TypeDefinitionNode) and not is_pascal_case(name):
            message = f"The name of the type {name} is not in PascalCase."
            fix = f"Call it {pascal_case(name)}."
            yield linted.finding(TYPE_NAMES_SHOULD_BE_PASCAL_CASE, name, message, node.name, fix=fix)
