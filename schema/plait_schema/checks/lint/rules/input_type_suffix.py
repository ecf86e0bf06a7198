"""INPUT_TYPE_SUFFIX"""

from collections.abc import Iterator

from graphql import InputObjectTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import INPUT_TYPE_SUFFIX, Diagnostic


def input_type_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """An input object and the object type that it is for need different names."""
    for node in linted.types:
        name = node.name.value
        if isinstance(node, InputObjectTypeDefinitionNode) and not name.endswith("Input"):
            message = f"The name of the input object {name} does not end with Input."
            fix = f"Call it {name}Input."
            yield linted.finding(INPUT_TYPE_SUFFIX, name, message, node.name, fix=fix)
