"""First stage: text to a document that fits the API schema."""

from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, strip_ignored_characters, validate

from plait_gateway.errors import GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED
from plait_gateway.pipeline.request import Refused

_MAX_ERRORS = 20  # enough to mend a document by; a hostile one gets no more


@dataclass(frozen=True, slots=True)
class ValidDocument:
    """A document that fits the schema; documents that differ in layout alone have one normalized text."""

    normalized: str
    ast: DocumentNode


def read_document(text: str, api_schema: GraphQLSchema, *, max_tokens: int) -> ValidDocument | Refused:
    """Parse and validate (specification, sections 2 and 5).

    graphql-core bounds the nesting, also through fragments, so that no document recurses too deeply.
    """
    try:
        document = parse(text, max_tokens=max_tokens, allow_empty_selection_sets=False)
    except GraphQLError as error:
        return Refused((GRAPHQL_PARSE_FAILED.from_graphql(error),))
    errors = validate(api_schema, document, max_errors=_MAX_ERRORS, allow_empty_selection_sets=False)
    if errors:
        return Refused(tuple(GRAPHQL_VALIDATION_FAILED.from_graphql(error) for error in errors))
    return ValidDocument(strip_ignored_characters(text), document)
