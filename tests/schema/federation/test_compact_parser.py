"""The parser for schemas gives what graphql-core's gives, but for the tokens."""

from collections.abc import Callable

from graphql import DocumentNode, GraphQLSyntaxError, Node, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from plait_schema.federation.parsing import parse_document

_SDL = '''\
# a comment
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) # another
"""
What is learnt
"""
type Course implements Named & Node @key(fields: "id", resolvable: false) {
  "An id" # between
  id: ID!
  steps(first: Int = 10, of: [Filter!]! = [{ level: LOW, exact: true, weight: -1.5 }]): [Step!]! @deprecated
}
union Step = | Lesson | Exercise
enum Level { LOW, HIGH }
directive @own(of: [String]) repeatable on | OBJECT | FIELD_DEFINITION
'''
_TOKENS = [token for line in _SDL.splitlines() for token in line.partition("#")[0].split()]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, len(_TOKENS) - 1), st.sampled_from([*_TOKENS, "", '"', "#", "\r\n", "..."])),
        max_size=2,
    ),
    st.sampled_from([" ", "\n", "\r\n", " , "]),
)
def test_same_nodes_same_places_same_errors(changes: list[tuple[int, str]], between: str) -> None:
    tokens = list(_TOKENS)
    for position, token in changes:
        tokens[position] = token
    text = between.join(tokens)
    expected = _outcome(lambda: parse(text))
    assert _outcome(lambda: parse_document(text, name="GraphQL request")) == expected


def test_the_example_is_good() -> None:
    assert parse_document(_SDL) == parse(_SDL)


def test_nodes_keep_no_tokens() -> None:
    for definition in parse_document(_SDL).definitions:
        assert definition.loc is not None
        assert not hasattr(definition.loc, "start_token")


def test_without_locations() -> None:
    document = parse_document(_SDL, no_location=True)
    assert document == parse(_SDL, no_location=True)
    assert document.loc is None


def _outcome(parsed: Callable[[], DocumentNode]) -> Node | str:
    try:
        return parsed()
    except GraphQLSyntaxError as error:
        return str(error)
