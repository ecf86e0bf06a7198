"""Field sets as text."""

import pytest
from graphql import GraphQLError

from plait_schema.federation import parse_field_set, print_field_set
from plait_schema.federation.context import ContextSelection, parse_context_selection
from plait_schema.federation.field_set import sorted_field_set


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("id", "id"),
        ("{ id }", "id"),
        (" id, tenant,{ id , } # both", "id tenant { id }"),
        ("\n  email\n  tenant {\n    id\n  }\n", "email tenant { id }"),
        ('weight(unit: GRAM, of: {a: [1, "x"]})', 'weight(unit: GRAM, of: { a: [1, "x"] })'),
        ("... on A { a } ...{ b }", "... on A { a } ... { b }"),
        ("a @skip(if: true) b: c ...F", "a @skip(if: true) b: c ...F"),
    ],
)
def test_prints_on_one_line(text: str, printed: str) -> None:
    selection_set = parse_field_set(text)
    assert print_field_set(selection_set) == printed
    assert parse_field_set(printed) == selection_set


@pytest.mark.parametrize(
    "text",
    ["", "{}", "a {", "a }", "a { }", "a { b { } }", "} query {", "a } { b", "{ a } type B { c: Int }", "$a"],
)
def test_is_no_selection(text: str) -> None:
    with pytest.raises(GraphQLError):
        parse_field_set(text)


def test_order_does_not_matter_when_sorted() -> None:
    assert sorted_field_set(parse_field_set("b { d c } a")) == sorted_field_set(
        parse_field_set("a b { c d }")
    )
    assert sorted_field_set(parse_field_set("a { b }")) != sorted_field_set(parse_field_set("a { c }"))


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("$viewer { locale }", ContextSelection("viewer", "{ locale }")),
        (" # who\n, $ viewer{locale}", ContextSelection("viewer", "{locale}")),
        ("$viewer", ContextSelection("viewer", "")),
        ("viewer { locale }", None),
        ("$ { locale }", None),
        ("", None),
    ],
)
def test_context_selection(text: str, selection: ContextSelection | None) -> None:
    assert parse_context_selection(text) == selection
