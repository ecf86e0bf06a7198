"""The generated graphs are what they are said to be: they compose, and their operations can be planned."""

from benchmarks import planning
from benchmarks.composition import Composed, compose_company, composition_table
from benchmarks.generated import company


def test_company_has_twenty_types_a_subgraph() -> None:
    fewer, more = compose_company(4), compose_company(6)
    assert more.types - fewer.types == 2 * 20


def test_subgraphs_do_not_change_when_the_graph_grows() -> None:
    """But for the first three, whose neighbours are the last ones."""
    assert company(10)[3:] == company(20)[3:10]


def test_growth_is_an_exponent() -> None:
    before, now = (
        Composed(
            subgraphs=size,
            types=1,
            fields=1,
            seconds=size**2,
            satisfiability_seconds=size,
            again_seconds=1,
            memory_mb=8,
        )
        for size in (10, 20)
    )
    cells = [cell.strip() for cell in composition_table([before, now]).splitlines()[-1].split("|")]
    assert cells[-4:-1] == ["2.00", "1.00", "0.00"]


def test_all_operations_are_planned() -> None:
    planned = planning.measure(sizes=(10,), overlaps=(10,), repetitions=1, say=lambda _: None)
    assert {one.graph for one in planned} == {"academy", "10 subgraphs", "10 overlapping"}
    fetches = {(one.graph, one.operation): one.fetches for one in planned}
    assert fetches["academy", "one-fetch"] == 1
    assert fetches["academy", "weekly-leaderboard"] == 3
