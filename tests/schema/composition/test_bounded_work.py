"""Odd input is answered with work that grows with its size."""

import gc

import pytest
from graphql import Source, get_location

from plait_schema.composition import compose
from plait_schema.diagnostics import Diagnostic, location
from plait_schema.federation.parsing import parse_document
from plait_schema.subgraph import SubgraphSource
from plait_schema.subgraph.limits import MAXIMUM_LENGTH, MAXIMUM_TOKENS, MAXIMUM_TOKENS_TOGETHER
from plait_schema.subgraph.sdl_rules import MOST_ERRORS

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n'
)


def _found(**subgraphs: str) -> tuple[Diagnostic, ...]:
    return compose(
        SubgraphSource(name, f"http://{name}.example", sdl) for name, sdl in subgraphs.items()
    ).diagnostics


@pytest.mark.parametrize(
    "sdl",
    [
        "type Query {" + "\n".join(f"f{n}: Unknown{n}" for n in range(3 * MOST_ERRORS)) + "}",
        "type Query { a: Int }\n" + "type T { f: Int }\n" * (3 * MOST_ERRORS),
        "type Query {" + "f: Int\n" * (3 * MOST_ERRORS) + "}",
        "directive @d(a: Int) repeatable on OBJECT type Query "
        + '@d(a: "x")\n' * (3 * MOST_ERRORS)
        + "{ a: Int }",
    ],
)
def test_the_errors_of_a_document_have_an_end(sdl: str) -> None:
    found = _found(courses=sdl)
    assert len(found) == MOST_ERRORS + 1
    assert f"There are more errors than these {MOST_ERRORS}." in {each.message for each in found}


def test_as_many_errors_as_are_reported_are_all() -> None:
    found = _found(courses="type Query {" + "\n".join(f"f{n}: Unknown{n}" for n in range(MOST_ERRORS)) + "}")
    assert len(found) == MOST_ERRORS
    assert all(each.message.startswith("Unknown type") for each in found)


def test_similar_names_are_looked_for_among_few() -> None:
    many = "\n".join(f"type Course{n} {{ f: Int }}" for n in range(2100))
    (of_few,) = _found(courses="type Query { course: Cours } type Course { f: Int }")
    (of_many,) = _found(courses=f"type Query {{ course: Cours }} {many}")
    assert of_few.message == "Unknown type 'Cours'. Did you mean 'Course'?"
    assert of_many.message == "Unknown type 'Cours'."


def test_a_witness_nobody_could_read_is_told_by_its_end() -> None:
    """With one of each length, the messages would grow with the third power of the depth."""
    depth = 200
    chain = "\n".join(f"type T{n} @shareable {{ next: T{n + 1} }}" for n in range(depth))
    beside = "\n".join(f"type T{n} @shareable {{ own{n}: Int }}" for n in range(depth + 1))
    found = _found(
        a=f"{_LINK} type Query {{ start: T0 }} {chain} type T{depth} @shareable {{ end: Int }}",
        b=_LINK + beside,
    )
    unreachable = {each.coordinate: each.message for each in found if each.code == "SATISFIABILITY_ERROR"}
    assert len(unreachable) == depth + 1
    assert max(map(len, unreachable.values())) < 5000
    assert (
        f"{depth + 2} fields deep and ends with T{depth - 2}.next > T{depth - 1}.next > T{depth}.own{depth}"
        in unreachable[f"T{depth}.own{depth}"]
    )


@pytest.mark.parametrize(
    ("sdl", "limit"),
    [
        ("type Query {" + "\n".join(f"f{n}: Int" for n in range(1_000_000)) + "}", MAXIMUM_LENGTH),
        ("type Query {" + "\n".join(f"{n:x}_:A" for n in range(200_000)) + "}", MAXIMUM_TOKENS),
        ("[" * (MAXIMUM_TOKENS + 1), MAXIMUM_TOKENS),
    ],
)
def test_a_type_of_a_million_fields_is_refused_before_it_is_read(sdl: str, limit: int) -> None:
    (finding,) = _found(courses=sdl)
    assert finding.code == "INVALID_GRAPHQL"
    assert f"{limit:,}" in finding.message


@pytest.mark.parametrize(
    "filler",
    [
        "# words, { and } more ] words\n",
        '"""\n' + "{ many } words " * 20 + '\n"""\n',
        '"' + "[ many ] words " * 20 + '"\n',
    ],
)
def test_comments_and_descriptions_count_little(filler: str) -> None:
    times = MAXIMUM_TOKENS // 20
    fields = "".join(f"{filler}f{number}: Int\n" for number in range(500))
    sdl = f"type Query {{ {fields} }}" + "# the rest, { and so on\n" * times
    assert len(sdl) > MAXIMUM_TOKENS
    assert _found(courses=sdl) == ()


def test_subgraphs_that_are_too_large_together() -> None:
    small = "type Query {" + "f:I " * (MAXIMUM_TOKENS // 3 - 10) + "}"
    number = MAXIMUM_TOKENS_TOGETHER // MAXIMUM_TOKENS + 1
    (finding,) = _found(**{f"s{n}": small for n in range(number)})
    assert finding.code == "INVALID_GRAPHQL"
    assert finding.message.endswith(f"and at most {MAXIMUM_TOKENS_TOGETHER:,} are accepted.")
    assert len(finding.subgraphs) == number


def test_what_messages_quote_has_an_end() -> None:
    (finding,) = _found(courses=f"type Query {{ a: {'A' * 100_000} }}")
    assert finding.message.startswith("Unknown type 'AAA")
    assert len(finding.message) < 11_000


def test_a_field_set_has_an_end() -> None:
    (finding,) = _found(courses=f'''{_LINK} type Query @key(fields: "{"a " * 20_000}") {{ a: Int }}''')
    assert (finding.code, finding.coordinate) == ("KEY_INVALID_FIELDS", "Query")
    assert "More than 20,000 characters" in finding.message


def test_places_are_graphql_s() -> None:
    sdl = "type A { f: Int }\n\r\ntype B { f: Int }\r type C { f: Int }\n  type D { f: Int }"
    for definition in parse_document(sdl).definitions:
        assert definition.loc is not None
        expected = get_location(Source(sdl), definition.loc.start)
        found = location("a", definition)
        assert found is not None
        assert (found.line, found.column) == (expected.line, expected.column)


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was(collecting: bool) -> None:
    enabled = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        compose([SubgraphSource("courses", "http://courses.example", "type Query { a: Int }")])
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if enabled else gc.disable)()


def test_what_is_missing_deep_below_is_looked_for_once() -> None:
    """Two ways lead down at each level, so that looking for each anew would take a trillion looks."""
    depth = 40
    path = "".join(f"n{n} {{ " for n in range(depth)) + "x" + " }" * depth
    external = "\n".join(
        f'type N{n} @key(fields: "id") {{ id: ID! n{n}: N{n + 1} @external }}' for n in range(1, depth)
    )
    owned = "\n".join(f'type N{n} @key(fields: "id") {{ id: ID! n{n}: N{n + 1} }}' for n in range(depth))
    link = _LINK.replace('"@shareable"', '"@external", "@requires"')
    assert not _found(
        prices=f"""{link} type Query {{ start: N0 }}
            type N0 @key(fields: "id") {{
              id: ID!
              n0: N1 @external
              price: Int @requires(fields: "{path}")
            }}
            {external}
            type N{depth} @key(fields: "id") {{ id: ID! x: Int @external }}""",
        catalog=f'{link} {owned} type N{depth} @key(fields: "id") {{ id: ID! x: Int }}',
    )
