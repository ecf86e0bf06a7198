"""Reading the text form of a query plan back."""

import json
from collections.abc import Callable
from typing import TypeVar

from graphql import GraphQLError, OperationDefinitionNode

from plait_gateway.query_plan.batches import fetches_in
from plait_gateway.query_plan.nodes import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Representation,
    Sequence,
)
from plait_gateway.query_plan.operations import (
    REPRESENTATIONS,
    entity_operation,
    operation_text,
    parse_operation,
    variables_of,
)
from plait_gateway.query_plan.paths import parse_context, parse_path, parse_rename
from plait_gateway.query_plan.representations import read_representations
from plait_gateway.query_plan.tokens import PlanSyntaxError, tokens

_T = TypeVar("_T")


def parse_plan(text: str) -> QueryPlan:
    """The plan that a text in the form of `format_plan` means; operations come out in canonical text.

    Raises PlanSyntaxError.
    """
    reader = _Reader(text)
    try:
        return reader.plan()
    except RecursionError:
        raise PlanSyntaxError("The plan is nested too deeply", text, 0) from None


class _Reader:
    """A place in the tokens; each method reads what it is named after."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tuple(tokens(text))
        self._index = 0

    def plan(self) -> QueryPlan:
        self._expect("QueryPlan", "{")
        node = None if self._at("}") else self._node()
        self._expect("}", "")
        return QueryPlan(node)

    def _node(self) -> PlanNode:
        start, name = self._index, self._word()
        match name:
            case "Fetch":
                return self._fetch()
            case "BatchFetch":
                return self._batch(start)
            case "Flatten":
                return self._flatten()
            case "Sequence":
                return Sequence(self._children())
            case "Parallel":
                return Parallel(self._children())
            case "Include":
                return Condition(self._variable(), then=self._only_child())
            case "Skip":
                return Condition(self._variable(), otherwise=self._only_child())
            case "Condition":
                return self._condition(self._variable())
            case _:
                raise self._error(f"Expected a plan node, found {_shown(name)}", start)

    def _children(self) -> tuple[PlanNode, ...]:
        self._expect("{")
        children: list[PlanNode] = []
        while not self._at("}"):
            children.append(self._node())
        self._expect("}")
        return tuple(children)

    def _only_child(self) -> PlanNode:
        opening = self._index
        match self._children():
            case (child,):
                return child
            case children:
                raise self._error(f"Expected one node in this block, found {len(children)}", opening)

    def _condition(self, variable: str) -> Condition:
        self._expect("{")
        then = self._branch("Then")
        otherwise = self._branch("Else")
        self._expect("}")
        return Condition(variable, then, otherwise)

    def _branch(self, name: str) -> PlanNode | None:
        if not self._at(name):
            return None
        self._expect(name)
        return self._only_child()

    def _flatten(self) -> Flatten:
        self._expect("(", "path", ":")
        path = self._string(parse_path)
        self._expect(")")
        return Flatten(path, self._only_child())

    def _batch(self, start: int) -> BatchFetch:
        self._expect("(", "service", ":")
        subgraph = self._string(str)
        self._expect(")")
        batch = BatchFetch(subgraph, self._children())
        self._checked(start, lambda: fetches_in(batch))
        return batch

    def _fetch(self) -> Fetch:
        self._expect("(", "service", ":")
        subgraph = self._string(str)
        variable = REPRESENTATIONS
        if self._at("representations"):
            self._expect("representations", ":")
            variable = self._string(str)
        contexts = self._strings("contexts", parse_context)
        renames = self._strings("renames", parse_rename)
        self._expect(")", "{")
        first = self._index
        arrow, closing = self._end_of_fetch()
        self._index = closing + 1
        if arrow is None:
            representations: tuple[Representation, ...] = ()
            operation = self._graphql(first, closing)
        else:
            sent = self._graphql(first, arrow).selection_set
            representations = self._checked(first, lambda: read_representations(sent))
            operation = entity_operation(self._graphql(arrow + 1, closing), variable)
        own = {context.name for context in contexts} | ({variable} if representations else set())
        return Fetch(
            subgraph,
            operation_text(operation),
            operation.operation.value,
            tuple(name for name in variables_of(operation) if name not in own),
            representations,
            renames,
            contexts,
            variable,
        )

    def _strings(self, name: str, read: Callable[[str], _T]) -> tuple[_T, ...]:
        """What the strings of an argument mean, nothing where the argument is not given."""
        if not self._at(name):
            return ()
        self._expect(name, ":", "[")
        found: list[_T] = []
        while not self._at("]"):
            found.append(self._string(read))
        self._expect("]")
        return tuple(found)

    def _end_of_fetch(self) -> tuple[int | None, int]:
        """Where the arrow stands, if there is one, and where the brace that closes the fetch."""
        depth, arrow = 0, None
        for index in range(self._index, len(self._tokens)):
            match self._tokens[index].text:
                case "{":
                    depth += 1
                case "}" if depth == 0:
                    return arrow, index
                case "}":
                    depth -= 1
                case "=>" if depth == 0 and arrow is None:
                    arrow = index
        raise self._error("Expected '}' after this fetch", self._index)

    def _graphql(self, first: int, end: int) -> OperationDefinitionNode:
        start = self._tokens[first].start
        text = self._text[start : self._tokens[end].start]
        try:
            return self._checked(first, lambda: parse_operation(text))
        except GraphQLError as error:
            place = start + next(iter(error.positions or ()), 0)
            raise PlanSyntaxError(error.message, self._text, place) from None

    def _variable(self) -> str:
        self._expect("(", "if", ":", "$")
        name = self._word()
        self._expect(")")
        return name

    def _string(self, read: Callable[[str], _T]) -> _T:
        start, quoted = self._index, self._word()
        if not quoted.startswith('"'):
            raise self._error(f"Expected a string, found {_shown(quoted)}", start)
        return self._checked(start, lambda: read(json.loads(quoted)))

    def _checked(self, index: int, read: Callable[[], _T]) -> _T:
        """What `read` gives; its ValueError is about the token at the index."""
        try:
            return read()
        except ValueError as error:
            raise self._error(str(error), index) from None

    def _at(self, text: str) -> bool:
        return self._tokens[self._index].text == text

    def _word(self) -> str:
        word = self._tokens[self._index].text
        self._index += bool(word)
        return word

    def _expect(self, *expected: str) -> None:
        for text in expected:
            found = self._tokens[self._index].text
            if found != text:
                raise self._error(f"Expected {_shown(text)}, found {_shown(found)}", self._index)
            self._index += bool(text)

    def _error(self, message: str, index: int) -> PlanSyntaxError:
        return PlanSyntaxError(message, self._text, self._tokens[index].start)


def _shown(token: str) -> str:
    return repr(token) if token else "the end"
