"""ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX"""

from collections.abc import Iterator

from graphql import EnumTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX, Diagnostic


def enum_used_as_output_despite_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """A name that ends with Input says that clients only send it."""
    got = linted.got
    for node in linted.types:
        name = node.name.value
        if isinstance(node, EnumTypeDefinitionNode) and name in got and name.endswith("Input"):
            message = f"Clients get the enum {name}, and its name ends with Input."
            fix = f"Call it {name.removesuffix('Input')}, or use another enum where clients send it."
            yield linted.finding(ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX, name, message, node.name, fix=fix)
