"""What planning refuses, what it is bounded by, and what its rewrites keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import stack
from itertools import count
from sys import getprofile, getrecursionlimit, setprofile, setrecursionlimit
from types import FrameType

import pytest
from graphql import parse

from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.planner.cost import Budget
from plait_gateway.planner.normalize import MAXIMUM_DEPTH
from plait_gateway.query_plan import plan_as_json
from plait_schema.query_graph import QueryGraph
from tests.gateway.planner.fetches import fetches_of, hops_of
from tests.schema.query_graph.graphs import graph_of

TWO = {
    "courses": 'type Query { course: Course } type Course @key(fields: "id") { id: ID! title: String }',
    "reviews": 'type Course @key(fields: "id") { id: ID! rating(scale: Int): Int next: Course }',
}


def operation(text: str, name: str | None = None) -> Operation:
    return Operation.from_document(parse(text), name)


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("{ a } query B { a }", None, "several operations"),
        ("query A { a } query B { a }", "C", 'no operation "C"'),
        ("fragment F on Query { a }", None, "no operation."),
        ("query A { a }", "B", 'no operation "B"'),
    ],
)
def test_the_operation_must_be_clear(text: str, name: str | None, message: str) -> None:
    with pytest.raises(PlanningError, match=message) as raised:
        operation(text, name)
    assert raised.value.code == "OPERATION_RESOLUTION_FAILURE"


def test_of_many_operations_some_are_named() -> None:
    text = (
        " ".join(f"query Q{number} {{ a }}" for number in range(1, 200)) + " query " + "L" * 1000 + " { a }"
    )
    with pytest.raises(PlanningError) as raised:
        operation(text, "X" * 1000)
    assert raised.value.message.endswith("Q9, Q10, 190 more.")
    assert len(raised.value.message) < 300


def test_an_operation_is_chosen_by_name() -> None:
    chosen = operation("query A { a } query B { b }", "B").definition
    assert chosen.name is not None
    assert chosen.name.value == "B"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{ course {\n  __typename: title } }", "GRAPHQL_VALIDATION_FAILED", (2, 3)),
        ("{ course { _plait_0_id: title } }", "GRAPHQL_VALIDATION_FAILED", (1, 12)),
        ("mutation { x }", "OPERATION_RESOLUTION_FAILURE", (1, 1)),
    ],
)
def test_what_cannot_be_planned_has_a_code_and_a_place(text: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(PlanningError) as raised:
        plan(operation(text), graph_of(**TWO))
    assert (raised.value.code, raised.value.locations) == (code, (place,))


def test_a_field_without_a_way_is_named() -> None:
    graph = graph_of(
        a="type Query { t: T } type T @shareable { id: ID! }",
        b="type Query { u: T } type T @shareable { id: ID! x: Int @inaccessible }",
    )
    with pytest.raises(PlanningError, match=r"T\.x at t\.x") as raised:
        plan(operation("{ t { id x } }"), graph)
    assert raised.value.code == "QUERY_PLANNING_FAILED"


def nested(depth: int) -> str:
    return "{ course " + "{ next " * depth + "{ id title }" + " }" * (depth + 1)


def test_deep_operations_are_planned_up_to_a_bound() -> None:
    graph = graph_of(**TWO)
    assert hops_of(plan(operation(nested(MAXIMUM_DEPTH - 2)), graph).node) == 3
    with pytest.raises(PlanningError, match="nested deeper") as raised:
        plan(operation(nested(MAXIMUM_DEPTH)), graph)
    assert raised.value.code == "OPERATION_TOO_LARGE"


def test_fragments_count_as_nesting() -> None:
    spread = " ".join(f"fragment F{n} on Course {{ ...F{n + 1} }}" for n in range(MAXIMUM_DEPTH))
    text = f"{{ course {{ ...F0 }} }} {spread} fragment F{MAXIMUM_DEPTH} on Course {{ id }}"
    with pytest.raises(PlanningError, match="nested deeper"):
        plan(operation(text), graph_of(**TWO))


def shared_by_all(subgraphs: int) -> QueryGraph:
    """Entities in a ring, every field but one in every subgraph."""

    def type_in(subgraph: int, number: int) -> str:
        shared = " ".join(f"f{n}: Int @shareable" for n in range(10))
        following = f"next: T{(number + 1) % 4} @shareable"
        return f'type T{number} @key(fields: "id") {{ id: ID! own{subgraph}: Int {shared} {following} }}'

    return graph_of(
        **{
            f"s{n}": "type Query { t: T0 @shareable }\n" + "\n".join(type_in(n, t) for t in range(4))
            for n in range(subgraphs)
        }
    )


@pytest.mark.parametrize("subgraphs", [4, 16])
def test_the_choices_grow_with_the_subgraphs_at_most(subgraphs: int) -> None:
    depth = 5
    fields = "id f0 f1 f2 f3 f4 " + " ".join(f"own{n}" for n in range(subgraphs))
    text = "{ t " + f"{{ {fields} next " * depth + f"{{ {fields} }}" + " }" * (depth + 1)
    budget = Budget()
    planned = plan(operation(text), shared_by_all(subgraphs), budget=budget)
    assert (hops_of(planned.node), len(fetches_of(planned))) == (1, subgraphs)
    assert budget.spent <= 3 * subgraphs


def overlapping(subgraphs: int) -> QueryGraph:
    """Entities in every subgraph: a field that no other has, one that a third has, and two of four keys."""

    def type_in(subgraph: int, number: int) -> str:
        keys = [f"key{(subgraph + step) % 4}" for step in range(2)]
        applied = " ".join(f'@key(fields: "{key}")' for key in keys)
        fields = " ".join(f"{key}: ID!" for key in keys)
        next_one = f"next{(subgraph + number) % 3}: T{(number + 1) % 3}"
        return f"type T{number} {applied} @shareable {{ {fields} own{subgraph}: Int {next_one} }}"

    return graph_of(
        **{
            f"s{n}": "type Query { t: T0 @shareable }\n" + "\n".join(type_in(n, t) for t in range(3))
            for n in range(subgraphs)
        }
    )


def test_many_ways_that_are_as_good_as_one_another_are_not_all_looked_at() -> None:
    subgraphs = 24
    own = " ".join(f"own{n}" for n in range(subgraphs))
    text = f"{{ t {{ {own} next0 {{ {own} next1 {{ {own} }} }} }} }}"
    budget = Budget()
    plan(operation(text), overlapping(subgraphs), budget=budget)
    assert budget.spent < 400 * subgraphs  # 900 if each way were looked at, and ever more with more subgraphs


def test_one_subgraph_that_has_everything_leaves_nothing_to_choose() -> None:
    text = "{ t { id f0 next { f1 next { f2 next { f3 own7 } } } } }"
    budget = Budget()
    planned = plan(operation(text), shared_by_all(16), budget=budget)
    assert [fetch.subgraph for fetch in fetches_of(planned)] == ["s7"]
    assert budget.spent <= 16


def test_shared_requirements_are_priced_once() -> None:
    requiring = """type T @key(fields: "id") {{
      id: ID! a{0}: Int @external a{1}: Int @external a{2}: Int @requires(fields: "a{0} a{1}")
    }}"""
    graph = graph_of(
        start='type Query { t: T } type T @key(fields: "id") { id: ID! a0: Int a1: Int }',
        **{f"s{number}": requiring.format(number - 2, number - 1, number) for number in range(2, 40)},
    )
    with at_most_calls(1_000_000):  # fib(40) is 102,334,155
        planned = plan(operation("{ t { a39 } }"), graph)
    assert len(fetches_of(planned)) == 39


@contextmanager
def at_most_calls(bound: int) -> Iterator[None]:
    """Fails when the work takes more calls of Python functions: a measure that no machine changes."""
    calls = count(1)

    def called(_: FrameType, event: str, __: object) -> None:
        if event == "call" and next(calls) > bound:
            raise AssertionError(f"more than {bound} calls")

    before = getprofile()
    setprofile(called)
    try:
        yield
    finally:
        setprofile(before)


def test_a_spent_budget_gives_a_plan_with_a_notice() -> None:
    depth = 5
    text = "{ t " + "{ id f0 own0 own5 own9 next " * depth + "{ own3 }" + " }" * (depth + 1)
    graph = shared_by_all(16)
    hurried = plan(operation(text), graph, budget=Budget(1))
    best = plan(operation(text), graph)
    assert best.notice is None
    assert hurried.notice is not None
    assert "1 looks" in hurried.notice
    assert plan_as_json(hurried)["notice"] == hurried.notice
    assert hops_of(hurried.node) >= hops_of(best.node)
    assert {fetch.subgraph for fetch in fetches_of(hurried)} >= {"s0", "s5", "s9", "s3"}


def test_a_chain_of_hundreds_of_requirements_is_planned() -> None:
    length = 200
    requiring = """type T @key(fields: "id") {{
      id: ID! a{0}: Int @external a{1}: Int @requires(fields: "a{0}")
    }}"""
    graph = graph_of(
        start='type Query { t: T } type T @key(fields: "id") { id: ID! a0: Int }',
        **{f"s{number}": requiring.format(number - 1, number) for number in range(1, length)},
    )
    planned = plan(operation(f"{{ t {{ a{length - 1} }} }}"), graph)
    assert hops_of(planned.node) == length


def test_operations_that_hop_on_every_level_are_planned_or_refused() -> None:
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! a: T }',
        b='type T @key(fields: "id") { id: ID! b: T }',
    )

    def text(levels: int) -> str:
        return "{ t " + "{ b { a " * levels + "{ id }" + " } }" * levels + " }"

    assert hops_of(plan(operation(text(20)), graph).node) == 41
    deep = operation(text(45))
    limit = getrecursionlimit()
    setrecursionlimit(len(stack()) + 500)
    try:
        with pytest.raises(PlanningError, match="nested too deep") as raised:
            plan(deep, graph)
    finally:
        setrecursionlimit(limit)
    assert raised.value.code == "OPERATION_TOO_LARGE"
