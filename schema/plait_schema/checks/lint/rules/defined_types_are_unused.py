"""DEFINED_TYPES_ARE_UNUSED"""

from collections.abc import Iterator

from graphql import TypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import DEFINED_TYPES_ARE_UNUSED, Diagnostic


def defined_types_are_unused(linted: Linted) -> Iterator[Diagnostic]:
    """What nothing refers to is left over, most likely.

    An entity is used by other subgraphs, through its key.
    """
    used = linted.sent | linted.got | frozenset(linted.roots.values()) | linted.related
    keyed = {coordinate for coordinate, _ in linted.applied("key")}
    for node in linted.types:
        name = node.name.value
        if isinstance(node, TypeDefinitionNode) and name not in used and name not in keyed:
            message = f"Nothing uses the type {name}."
            fix = "Remove it, or use it."
            yield linted.finding(DEFINED_TYPES_ARE_UNUSED, name, message, node.name, fix=fix)
