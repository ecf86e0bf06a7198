"""Composing again after an edit gives what composing from scratch gives, and loads only what changed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from plait_schema.composition import Composition, compose
from plait_schema.composition.satisfiability import Satisfiability
from plait_schema.contract import Contract
from plait_schema.subgraph import SubgraphSource

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@shareable", "@external", "@requires", "@override"])\n'
)
_SOURCES = tuple(
    SubgraphSource(name, f"http://{name}.example", _LINK + sdl, f"{name}.graphql")
    for name, sdl in {
        "catalog": 'type Query { all: [Course] } type Course @key(fields: "id") { id: ID! title: String }',
        "prices": """type Course @key(fields: "id") {
          id: ID! weight: Int @external price: Int @requires(fields: "weight")
        }""",
        "stock": 'type Course @key(fields: "id") { id: ID! weight: Int }',
    }.items()
)
_EDITS = (
    "",
    "# only a comment",
    "type Query { more: Course }",
    "extend type Course { title: String }",
    "extend type Course { title: Int @shareable }",
    'extend type Course { title: String @override(from: "catalog") }',
    'extend type Course @key(fields: "nothing")',
    'extend type Course { late: Int @requires(fields: "weight") }',
    "type Unreachable { x: Int } extend type Course { to: Unreachable }",
    "type Query {",
)
_edited = st.tuples(st.integers(0, len(_SOURCES) - 1), st.sampled_from(_EDITS), st.booleans())


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(_edited, min_size=1, max_size=4))
def test_the_same_as_from_scratch(edits: list[tuple[int, str, bool]]) -> None:
    sources, composition = _SOURCES, compose(_SOURCES)
    for place, edit, in_front in edits:
        sdl = _SOURCES[place].sdl
        changed = replace(sources[place], sdl=f"{edit}\n{sdl}" if in_front else f"{sdl}\n{edit}")
        sources = (*sources[:place], changed, *sources[place + 1 :])
        composition = compose(sources, previous=composition)
        assert composition == compose(sources)


def test_the_example_composes() -> None:
    assert compose(_SOURCES).supergraph_sdl is not None


def test_only_what_changed_is_loaded() -> None:
    before = compose(_SOURCES)
    changed = replace(_SOURCES[2], sdl=f"{_SOURCES[2].sdl} # edited")
    after = compose([*_SOURCES[:2], changed], previous=before)
    assert [_is_reused(source, before, after) for source in _SOURCES[:2]] == [True, True]
    assert after.known.loaded[changed] is not before.known.loaded[_SOURCES[2]]


def test_nothing_is_done_where_nothing_changed() -> None:
    before = compose(_SOURCES)
    assert compose(_SOURCES[::-1], previous=before) is before
    assert compose([*_SOURCES, _SOURCES[0]], previous=before) == compose([*_SOURCES, _SOURCES[0]])
    contract = Contract("public", exclude=frozenset({"internal"}))
    assert compose(_SOURCES, contract=contract, previous=before) == compose(_SOURCES, contract=contract)


def test_the_same_supergraph_is_not_walked_again() -> None:
    before = compose(_SOURCES)
    same = compose([replace(_SOURCES[0], sdl=f"# edited\n{_SOURCES[0].sdl}"), *_SOURCES[1:]], previous=before)
    other = compose(
        [replace(_SOURCES[0], sdl=f"{_SOURCES[0].sdl}\nextend type Query {{ more: Course }}"), *_SOURCES[1:]],
        previous=same,
    )
    assert _walked(same) is _walked(before)
    assert _walked(other) is not _walked(same)


def test_what_is_not_there_any_more_is_let_go() -> None:
    after = compose(_SOURCES[:1], previous=compose(_SOURCES))
    assert set(after.known.loaded) == {_SOURCES[0]}


def test_another_url_or_file_is_another_subgraph() -> None:
    before = compose(_SOURCES)
    moved = replace(_SOURCES[0], url="http://elsewhere.example")
    after = compose([moved, *_SOURCES[1:]], previous=before)
    assert after.supergraph_sdl is not None
    assert "http://elsewhere.example" in after.supergraph_sdl


def _walked(composition: Composition) -> Satisfiability:
    assert composition.known.checked is not None
    return composition.known.checked.satisfiability


def _is_reused(source: SubgraphSource, before: Composition, after: Composition) -> bool:
    return after.known.loaded[source] is before.known.loaded[source]
