"""First stage: text to a document that fits the API schema."""

from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    Token,
    TokenKind,
    parse,
    validate,
)
from graphql.validation.validate import ValidationAbortedError

from plait_gateway.errors import (
    GRAPHQL_PARSE_FAILED,
    GRAPHQL_VALIDATION_FAILED,
    INTROSPECTION_DISABLED,
    OPERATION_TOO_LARGE,
)
from plait_gateway.pipeline.introspection import introspection_fields
from plait_gateway.pipeline.operation import ChosenOperation
from plait_gateway.pipeline.request import Refused

_MAX_ERRORS = 20  # enough to mend a document by; a hostile one gets no more


@dataclass(frozen=True, slots=True)
class ValidDocument:
    """A document that fits the schema.

    `chosen` has those of its operations that were asked for, by the request's `operationName`.
    """

    ast: DocumentNode
    chosen: dict[str | None, ChosenOperation] = field(default_factory=dict)


def document_bytes(text: str) -> int:
    """What a document takes in memory, as measured: names and nodes, and some for the smallest."""
    return 4096 + 60 * len(text)


def read_document(
    text: str, api_schema: GraphQLSchema, *, max_tokens: int, introspection: bool = True
) -> ValidDocument | Refused:
    """Parse and validate (specification, sections 2 and 5); without `introspection` refuse that, too.

    graphql-core bounds the nesting, also through fragments, so that no document recurses too deeply.
    """
    try:
        document = parse(text, max_tokens=max_tokens, allow_empty_selection_sets=False)
    except GraphQLError as error:
        return Refused((GRAPHQL_PARSE_FAILED.from_graphql(error),))
    errors = validate(api_schema, document, max_errors=_MAX_ERRORS, allow_empty_selection_sets=False)
    if errors and isinstance(errors[-1], ValidationAbortedError) and len(errors) <= _MAX_ERRORS:
        # Not for the number of errors: it was given up for its size.
        message = "The document is nested too deeply, or repeats itself too often, to be validated."
        return Refused((OPERATION_TOO_LARGE.at(None, message),))
    if errors:
        return Refused(tuple(GRAPHQL_VALIDATION_FAILED.from_graphql(error) for error in errors))
    if not introspection and (fields := introspection_fields(document)):
        message = f"{fields[0].name.value} cannot be asked: introspection is disabled."
        return Refused((INTROSPECTION_DISABLED.from_graphql(GraphQLError(message, fields[0])),))
    _forget_tokens(document)
    return ValidDocument(document)


def _forget_tokens(document: DocumentNode) -> None:
    """Let go of the lexer's tokens, a chain linked both ways that is half of a document's memory.

    Nodes keep where they begin and end, which is all that the place of an error needs.
    """
    token = document.loc and document.loc.start_token
    while token:
        following = token.next
        token.prev = token.next = None
        token = following
    nodes: list[Node] = [document]
    while nodes:
        node = nodes.pop()
        if node.loc is not None:
            node.loc.start_token = node.loc.end_token = _NO_TOKEN
        for key in node.keys:
            match getattr(node, key, None):
                case Node() as child:
                    nodes.append(child)
                case list() | tuple() as children:
                    nodes += [child for child in children if isinstance(child, Node)]


_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)
