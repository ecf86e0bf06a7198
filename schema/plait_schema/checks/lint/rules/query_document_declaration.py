"""QUERY_DOCUMENT_DECLARATION"""

from collections.abc import Iterator

from graphql import ExecutableDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import QUERY_DOCUMENT_DECLARATION, Diagnostic


def query_document_declaration(linted: Linted) -> Iterator[Diagnostic]:
    """A schema holds definitions; operations and fragments are the clients'."""
    for node in linted.document.definitions:
        if isinstance(node, ExecutableDefinitionNode):
            message = "An operation or fragment stands in the schema."
            fix = "Move it to the documents of a client."
            yield linted.finding(QUERY_DOCUMENT_DECLARATION, None, message, node, fix=fix)
