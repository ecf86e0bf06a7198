"""Hostile text gets a syntax error, not a crash."""

import pytest
from graphql import GraphQLError

from plait_schema.federation.parsing import MAXIMUM_NESTING, parse_document


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "type A { a: " + "[" * 100_000,
        "type A { a(x: Int = " + "{a:" * 100_000,
        "type A { a(x: Int = " + "[" * (MAXIMUM_NESTING + 1),
    ],
)
def test_too_deep(text: str) -> None:
    with pytest.raises(GraphQLError, match="Nested deeper"):
        parse_document(text)


@pytest.mark.parametrize(
    "text",
    [
        '"""' + "{" * 1000 + ' \\""" " "" """ type A',
        '"\\"' + "{" * 1000 + '" type A',
        "#" + "{" * 1000 + "\r type A",
        "type A" * 1 + " type B { a: Int }" * 1000,
    ],
)
def test_brackets_that_do_not_nest(text: str) -> None:
    assert parse_document(text).definitions


def test_as_deep_as_allowed() -> None:
    depth = MAXIMUM_NESTING - 1
    assert parse_document("type A { a: " + "[" * depth + "Int" + "]" * depth + " }").definitions


def test_lone_surrogate() -> None:
    with pytest.raises(GraphQLError):
        parse_document("type A \ud800")
