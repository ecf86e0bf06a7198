"""Operations that ask the same share their plan, and no others do."""

import pytest
from graphql import parse

from plait_gateway.pipeline.normalized import normalized_text
from plait_gateway.planner import Operation


def normalized(text: str, name: str | None = None) -> str:
    return normalized_text(Operation.from_document(parse(text), name))


ONE = "query A($n: Int = 1) { a(n: $n) ...F ...G } fragment F on Query { b ...G } fragment G on Query { c }"


@pytest.mark.parametrize(
    "text",
    [
        "query ($n:Int=1){a(n:$n),...F...G}fragment F on Query{b...G}fragment G on Query{c}",
        "# Why.\n" + ONE.replace("query A", "query B"),
        ONE.replace("F", "First").replace("G", "Second"),
        "fragment X on Query { c } fragment on2 on Query { b ...X }"
        " query($n: Int = 1) { a(n: $n) ...on2 ...X }",
        ONE + " query Other { a }",
    ],
)
def test_layout_and_names_of_fragments_and_operation_do_not_matter(text: str) -> None:
    name = "A" if "Other" in text else None
    assert normalized(text, name) == normalized(ONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{ a b }", "{ b a }"),
        ("{ a }", "{ a: a }"),
        ("{ a }", "mutation { a }"),
        ("query($n: Int) { a(n: $n) }", "query($m: Int) { a(n: $m) }"),
        ('{ a(n: "x y") }', '{ a(n: "x  y") }'),
        ("{ ...F } fragment F on Query { a }", "{ ...F } fragment F on Query { b }"),
        ("{ ... on Query { a } }", "{ ... on Other { a } }"),
        ("{ a ... { b } }", "{ a ... @skip(if: true) { b } }"),
    ],
)
def test_what_can_change_a_response_matters(one: str, other: str) -> None:
    assert normalized(one) != normalized(other)


def test_an_operation_without_the_word_is_a_query() -> None:
    assert normalized("{ a }") == normalized("query { a }") == normalized("query Name { a }")
