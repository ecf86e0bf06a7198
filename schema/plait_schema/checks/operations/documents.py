"""Operations in GraphQL documents, with the fragments that they need, whichever document has these."""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    Visitor,
    visit,
)

from plait_schema.checks.input_error import InputError
from plait_schema.checks.operations.recorded import RecordedOperation, identity
from plait_schema.diagnostics import INVALID_OPERATIONS, Location, location
from plait_schema.federation.parsing import parse_document

_LONGEST = 1_000_000  # characters; operations have a thousandth of it


def operations_in(texts: Mapping[str, str]) -> tuple[RecordedOperation, ...]:
    """The operations of these files, by name of the file; raises InputError for what is no GraphQL.

    A fragment is looked for in the operation's own file first, and then in the others, as bundlers do.
    """
    documents = {file: parse_operations(text, file) for file, text in texts.items()}
    everywhere = {name: node for document in documents.values() for name, node in _fragments(document)}
    return tuple(
        operation
        for file, document in documents.items()
        for operation in _operations(document, file, everywhere | dict(_fragments(document)))
    )


def parse_operations(text: str, file: str) -> DocumentNode:
    """The document of executable definitions; raises InputError."""
    if len(text) > _LONGEST:
        raise InputError(INVALID_OPERATIONS, file, f"There are more than {_LONGEST:,} characters.")
    try:
        document = parse_document(text, name=file)
    except GraphQLError as error:
        at = error.locations[0] if error.locations else None
        line, column = (at.line, at.column) if at else (1, 1)
        raise InputError(INVALID_OPERATIONS, file, error.message, line=line, column=column) from error
    for node in document.definitions:
        if not isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            place = location("", node, file=file) or Location("", file, 1, 1)
            message = "Operations and fragments are expected here, and no definitions of types."
            raise InputError(INVALID_OPERATIONS, file, message, line=place.line, column=place.column)
    return document


def split(document: DocumentNode) -> Iterator[DocumentNode]:
    """One document for each operation, with the fragments that it needs."""
    if len(document.definitions) == 1 and isinstance(document.definitions[0], OperationDefinitionNode):
        yield document
        return
    fragments = dict(_fragments(document))
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            yield _with_fragments(node, fragments)


def _operations(
    document: DocumentNode, file: str, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[RecordedOperation]:
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            whole = _with_fragments(node, fragments)
            name = node.name.value if node.name else None
            place = location("", node, file=file) or Location("", file, 1, 1)
            yield RecordedOperation(identity(whole), name, whole, place, in_file=True)


def _fragments(document: DocumentNode) -> Iterator[tuple[str, FragmentDefinitionNode]]:
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            yield node.name.value, node


def _with_fragments(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> DocumentNode:
    needed: dict[str, FragmentDefinitionNode] = {}
    waiting = list(_spreads(operation))
    while waiting:
        name = waiting.pop()
        if name in fragments and name not in needed:
            needed[name] = fragments[name]
            waiting += _spreads(fragments[name])
    return DocumentNode(definitions=(operation, *(needed[name] for name in sorted(needed))))


def _spreads(node: Node) -> Iterable[str]:
    found: list[str] = []

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            found.append(spread.name.value)

    visit(node, Spreads())
    return found
