"""First stage: text to a document that fits the API schema."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    GraphQLSchema,
    ListValueNode,
    Node,
    ObjectValueNode,
    OverlappingFieldsCanBeMergedRule,
    Token,
    TokenKind,
    ValidationContext,
    ValidationRule,
    ValueNode,
    VariableDefinitionNode,
    parse,
    specified_rules,
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
_MERGING_BUDGET = 200_000  # steps in comparing fields of one response key: some 300 of them, or half a second


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
    _unlink_tokens(document)
    errors = _validate(document, api_schema)
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


def _unlink_tokens(document: DocumentNode) -> None:
    """Leave the lexer's tokens without cycles: a document that is dropped is then freed at once.

    Nobody goes from token to token any more.
    """
    token = document.loc.start_token if document.loc else None
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following


def _forget_tokens(document: DocumentNode) -> None:
    """Let go of the lexer's tokens, half of a document's memory.

    Nodes keep where they begin and end, which is all that the place of an error needs.
    """
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


def _validate(document: DocumentNode, api_schema: GraphQLSchema) -> list[GraphQLError]:
    """graphql-core's findings. Its rules refer to themselves, with megabytes of notes on a hostile document:
    emptied, they are freed at once, and not when the garbage collector comes by.
    """
    rules: list[ASTValidationRule] = []

    def noted(rule: type[ASTValidationRule]) -> Callable[[ValidationContext], ASTValidationRule]:
        def make(context: ValidationContext) -> ASTValidationRule:
            rules.append(rule(context))
            return rules[-1]

        return make

    try:
        return validate(
            api_schema,
            document,
            [noted(rule) for rule in _RULES],  # type: ignore[misc]  # it only calls them
            max_errors=_MAX_ERRORS,
            allow_empty_selection_sets=False,
        )
    finally:
        for rule in rules:
            vars(rule).clear()


class _BoundedMerging(OverlappingFieldsCanBeMergedRule):
    """graphql-core's rule, given up earlier: what it compares grows with the square of the document."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = _MERGING_BUDGET


class _FiniteDefaults(ValidationRule):
    """A variable's default is sent to subgraphs as JSON, which holds no number beyond a double."""

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        if node.default_value is not None and any(map(_is_infinite, _leaves(node.default_value))):
            message = (
                f"The default of variable '${node.variable.name.value}' holds a number that is too large."
            )
            self.report_error(GraphQLError(message, node.default_value))


def _leaves(value: ValueNode) -> Iterator[ValueNode]:
    match value:
        case ListValueNode(values=values):
            for item in values:
                yield from _leaves(item)
        case ObjectValueNode(fields=fields):
            for field in fields:
                yield from _leaves(field.value)
        case _:
            yield value


def _is_infinite(value: ValueNode) -> bool:
    return isinstance(value, FloatValueNode) and math.isinf(float(value.value))


_RULES = (
    *(_BoundedMerging if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules),
    _FiniteDefaults,
)
