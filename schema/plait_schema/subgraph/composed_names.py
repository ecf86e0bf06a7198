"""Which directives a document composes."""

from graphql import DocumentNode

from plait_schema.federation import string_argument
from plait_schema.federation.names import Vocabulary
from plait_schema.subgraph.roots import schema_nodes


def composed_names(document: DocumentNode, vocabulary: Vocabulary) -> frozenset[str]:
    """The directives that `@composeDirective` names, as the document calls them."""
    return frozenset(
        (string_argument(directive, "name") or "").removeprefix("@")
        for node in schema_nodes(document)
        for directive in node.directives or ()
        if vocabulary.canonical.get(directive.name.value) == "composeDirective"
    )
