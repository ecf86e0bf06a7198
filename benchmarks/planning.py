"""What it takes to plan an operation that no cache knows, beside parsing and validating it."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphql import parse, print_ast, separate_operations, validate

from benchmarks.generated import company, overlapping
from benchmarks.tables import table
from benchmarks.workload.operations import SHAPES
from benchmarks.workload.subgraphs import whole_academy
from plait_gateway.planner import Operation, plan
from plait_gateway.query_plan import format_plan
from plait_schema.composition import compose
from plait_schema.garbage_collection import settle
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph

_OPERATIONS: Final = Path(__file__).parents[1] / "subgraphs" / "operations"
_ENOUGH: Final = 1.0  # seconds for the repetitions of one operation

_ACROSS_A_COMPANY: Final = """{
  s3Search(text: "a") { edges { node {
    id name price { amountMinor currency } s6Statistics { count } s6Shipping
    s6Related { name s9Shipping }
    next { name s5Shipping s6Owner { name status } }
  } } }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Milliseconds, medians but for the first plan: it finds the graph's ways, which are then remembered."""

    graph: str
    operation: str
    fetches: int
    parse_and_validate_ms: float
    first_ms: float
    again_ms: float
    ratio: float  # of planning again to parsing and validating, within each repetition


def measure(
    *, sizes: Sequence[int], overlaps: Sequence[int], repetitions: int, say: Callable[[str], None]
) -> tuple[Planned, ...]:
    """The academy's operations, one operation on ever larger graphs, and the hard graphs."""
    found = []
    for name, graph, operations in _cases(sizes, overlaps):
        settle()  # as a gateway does when it has read a graph
        for title, text in operations:
            found.append(_plan(name, graph, title, text, repetitions))
            say(f"{name}, {title}: {found[-1].again_ms:.1f} ms")
    return tuple(found)


def _cases(
    sizes: Sequence[int], overlaps: Sequence[int]
) -> Iterator[tuple[str, QueryGraph, list[tuple[str, str]]]]:
    own = sorted(_OPERATIONS.glob("*.graphql"))
    academy = [one for file in own for one in _operations(file.stem, file.read_text("utf-8"))]
    academy += [(shape.name, shape.query) for shape in SHAPES.values()]
    yield "academy", build_query_graph(read_supergraph(whole_academy())), academy
    for size in sizes:
        yield f"{size} subgraphs", _graph(company(size)), [("across", _ACROSS_A_COMPANY)]
    for size in overlaps:
        operations = [(f"depth {depth}", _down(depth)) for depth in (3, 6, 12)]
        yield f"{size} overlapping", _graph(overlapping(size)), [*operations, ("wide", _wide(size))]


def _operations(title: str, text: str) -> list[tuple[str, str]]:
    """Each operation of a document, with its fragments; several are told apart by their names."""
    apart = separate_operations(parse(text))
    if len(apart) == 1:
        return [(title, text)]
    return [(f"{title}, {name}", print_ast(document)) for name, document in apart.items()]


def _graph(sources: Sequence[SubgraphSource]) -> QueryGraph:
    sdl = compose(sources).supergraph_sdl
    assert sdl is not None, "the generated graph composes"
    return build_query_graph(read_supergraph(sdl))


def _down(depth: int) -> str:
    """A chain of entities, with fields that many subgraphs have and fields that one has on each level."""
    inner = "f2 own3"
    for level in range(depth):
        inner = f"f{level % 7} f{level * 3 % 7} own{level * 5 % 10} next{level % 3} {{ {inner} }}"
    return f"{{ start {{ {inner} }} }}"


def _wide(subgraphs: int) -> str:
    """A field of every subgraph, on three levels."""
    own = " ".join(f"own{number}" for number in range(subgraphs))
    return f"{{ start {{ {own} next0 {{ {own} all1 {{ {own} }} }} }} }}"


def _plan(graph_name: str, graph: QueryGraph, title: str, text: str, repetitions: int) -> Planned:
    begun = time.perf_counter()
    query_plan = plan(Operation.from_document(parse(text)), graph)
    first = time.perf_counter() - begun
    known: list[float] = []
    again: list[float] = []
    until = time.perf_counter() + _ENOUGH
    while not again or (len(again) < repetitions and time.perf_counter() < until):
        begun = time.perf_counter()
        document = parse(text)
        errors = validate(graph.api_schema, document)
        known.append(time.perf_counter() - begun)
        assert not errors, errors[0]
        begun = time.perf_counter()
        plan(Operation.from_document(document), graph)
        again.append(time.perf_counter() - begun)
    return Planned(
        graph=graph_name,
        operation=title,
        fetches=format_plan(query_plan).count("Fetch("),
        parse_and_validate_ms=statistics.median(known) * 1000,
        first_ms=first * 1000,
        again_ms=statistics.median(again) * 1000,
        ratio=statistics.median(one / other for one, other in zip(again, known, strict=True)),
    )


def planning_table(found: Iterable[Planned]) -> str:
    """A Markdown table; the last column is the ratio of planning to parsing and validating."""
    titles = [
        "graph",
        "operation",
        "fetches",
        "parse + validate ms",
        "first plan ms",
        "plan ms",
        "plan / p+v",
    ]
    return table(
        titles,
        [
            [
                one.graph,
                one.operation,
                str(one.fetches),
                f"{one.parse_and_validate_ms:.2f}",
                f"{one.first_ms:.2f}",
                f"{one.again_ms:.2f}",
                f"{one.ratio:.1f}",
            ]
            for one in found
        ],
        words=2,
    )
