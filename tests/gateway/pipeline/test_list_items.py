"""Variables with long lists: refused before they are coerced, wherever the lists are."""

from typing import Any

import pytest
from graphql import build_schema, parse

from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.variables import coercing
from plait_gateway.planner import Operation

_SCHEMA = build_schema(
    """
    scalar JSON
    input Word { texts: [String!] or: Word }
    type Query { find(words: [Word!], numbers: [[Int!]!], any: JSON, one: Word): Int }
    """
)


@pytest.mark.parametrize(
    ("declared", "largest", "too_large"),
    [
        ("$v: [[Int!]!]", [[1, 2], []], [[1, 2], [3]]),
        ("$v: [Word!]", [{"texts": ["a", "b", "c"]}], [{"texts": ["a", "b"]}, {"texts": ["c"]}]),
        ("$v: Word", {"or": {"texts": ["a"] * 4}}, {"or": {"or": {"texts": ["a"] * 5}}}),
        ("$v: [Word!]", {"texts": ["a"]}, [{}] * 5),
        ("$v: JSON", list(range(100)), None),
        ("$v: Int", 100, None),
    ],
)
def test_lists_have_as_many_items_as_are_allowed(declared: str, largest: Any, too_large: Any) -> None:
    argument = {"$v: [[Int!]!]": "numbers", "$v: JSON": "any", "$v: Word": "one"}.get(declared, "words")
    use = "__typename" if declared == "$v: Int" else f"find({argument}: $v)"
    operation = Operation.from_document(parse(f"query ({declared}) {{ {use} }}"), None)
    coerce = coercing(operation, _SCHEMA, max_items=4)
    assert isinstance(coerce({"v": largest}), dict)
    assert isinstance(coerce({}), dict)
    if too_large is not None:
        match coerce({"v": too_large}):
            case Refused(errors=(error,)):
                assert error.extensions == {"code": "LIST_TOO_LONG"}
                assert error.message == "The lists of the variables have more than 4 items."
            case other:
                pytest.fail(f"it was taken: {other}")


def test_all_variables_count() -> None:
    document = parse("query ($a: [[Int!]!], $b: [[Int!]!]) { a: find(numbers: $a) b: find(numbers: $b) }")
    coerce = coercing(Operation.from_document(document, None), _SCHEMA, max_items=4)
    assert isinstance(coerce({"a": [[1]], "b": [[1]]}), dict)
    assert isinstance(coerce({"a": [[1]], "b": [[1, 2]]}), Refused)
