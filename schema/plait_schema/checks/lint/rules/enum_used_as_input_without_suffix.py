"""ENUM_USED_AS_INPUT_WITHOUT_SUFFIX"""

from collections.abc import Iterator

from graphql import EnumTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import ENUM_USED_AS_INPUT_WITHOUT_SUFFIX, Diagnostic


def enum_used_as_input_without_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """An enum that is only sent can grow without clients getting what they do not know: its name says so."""
    sent = linted.sent
    for node in linted.types:
        name = node.name.value
        if isinstance(node, EnumTypeDefinitionNode) and name in sent and not name.endswith("Input"):
            message = f"Clients send the enum {name}, and its name does not end with Input."
            fix = f"Call it {name}Input."
            yield linted.finding(ENUM_USED_AS_INPUT_WITHOUT_SUFFIX, name, message, node.name, fix=fix)
