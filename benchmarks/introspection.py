"""The query by which tools read a schema, beside graphql-core's answer to it."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLSchema, build_schema, execute_sync, get_introspection_query, parse

from benchmarks.tables import table
from plait_gateway.executor.collection import Collection
from plait_gateway.executor.introspection import introspect
from plait_gateway.planner import Operation
from plait_schema.garbage_collection import settle

_QUERY = parse(get_introspection_query())


@dataclass(frozen=True, slots=True, kw_only=True)
class Introspected:
    """Milliseconds of processor time for one answer; the ratio is taken within each repetition."""

    types: int
    introspect_ms: float
    graphql_core_ms: float
    ratio: float


def measure(
    sizes: Sequence[int], *, repetitions: int, say: Callable[[str], None]
) -> tuple[Introspected, ...]:
    """Answer for schemas of so many types, in turns; raises ValueError where the answers differ."""
    found = []
    for size in sizes:
        schema = _schema(size)
        settle()  # as a gateway does when it has read a graph
        own: list[float] = []
        core: list[float] = []
        for _ in range(repetitions):
            answer, seconds = _timed(partial(_introspect, schema))
            own.append(seconds)
            expected, seconds = _timed(partial(_by_graphql_core, schema))
            core.append(seconds)
            if answer != expected:
                raise ValueError(f"the answers for {size} types differ")
        found.append(
            Introspected(
                types=size,
                introspect_ms=statistics.median(own) * 1000,
                graphql_core_ms=statistics.median(core) * 1000,
                ratio=statistics.median(one / other for one, other in zip(core, own, strict=True)),
            )
        )
        say(f"introspection of {size} types: {found[-1].introspect_ms:.0f} ms")
    return tuple(found)


def _introspect(schema: GraphQLSchema) -> Any:
    operation = Operation.from_document(_QUERY)
    collection = Collection(schema, operation.fragments, {})
    fields = collection.fields([operation.definition.selection_set], None)
    return {key: introspect(nodes, collection, schema) for key, nodes in fields.items()}


def _by_graphql_core(schema: GraphQLSchema) -> Any:
    return execute_sync(schema, _QUERY).data


def _timed(answer: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    return answer(), time.process_time() - begun


def _schema(types: int) -> GraphQLSchema:
    """Object types with ten fields, two of which have arguments, that refer to each other."""
    names = range(types)
    fields = "".join(f"  scalar{number}: Int\n" for number in range(6))
    defined = [
        f'"""Of {name}."""\ntype T{name} {{\n  id: ID!\n{fields}  old: String @deprecated\n'
        f"  one(first: Int = 10, after: String): T{(name + 1) % types}\n"
        f'  many(text: [String!] = ["a"]): [T{name * 7 % types}!]!\n}}'
        for name in names
    ]
    roots = "\n".join(f"  t{name}: T{name}" for name in names)
    return build_schema("\n".join([f"type Query {{\n{roots}\n}}", *defined]), assume_valid=True)


def introspection_table(found: Iterable[Introspected]) -> str:
    """A Markdown table; the last column is how many times the time graphql-core's is."""
    rows = [
        [str(one.types), f"{one.introspect_ms:.0f}", f"{one.graphql_core_ms:.0f}", f"{one.ratio:.1f}"]
        for one in found
    ]
    return table(["types", "introspection ms", "graphql-core ms", "graphql-core / introspection"], rows)
