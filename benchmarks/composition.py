"""How time and memory of composition grow with the number of subgraphs.

python -m benchmarks.composition SUBGRAPHS    one size, in a process of its own: a line of JSON
"""

import gc
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from benchmarks.generated import company
from benchmarks.tables import table
from plait_schema.composition import compose
from plait_schema.composition.satisfiability import check_satisfiability
from plait_schema.query_graph import build_query_graph
from plait_schema.supergraph import read_supergraph

SIZES: Final = (10, 25, 50, 100, 200)
_AT_MOST: Final = 600  # seconds for one size


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What composing one graph took: seconds of processor time, and memory beyond that of the code."""

    subgraphs: int
    types: int
    fields: int
    seconds: float
    satisfiability_seconds: float  # a part of `seconds`, measured again by itself
    again_seconds: float  # composing again after one subgraph got another field
    memory_mb: float


def compose_company(subgraphs: int) -> Composed:
    """Compose a generated graph in this process."""
    sources = company(subgraphs)
    loaded_mb = _peak_mb()
    begun = time.process_time()
    composition = compose(sources)
    seconds = time.process_time() - begun
    memory_mb = _peak_mb() - loaded_mb
    sdl = composition.supergraph_sdl
    assert sdl is not None, "the generated graph composes"
    edited = replace(sources[0], sdl=f"{sources[0].sdl}\nextend type Query {{ added: Int }}")
    begun = time.process_time()
    assert compose((edited, *sources[1:]), previous=composition).supergraph_sdl is not None
    again_seconds = time.process_time() - begun
    supergraph = read_supergraph(sdl)
    graph = build_query_graph(supergraph)
    gc.disable()  # as compose() does
    begun = time.process_time()
    check_satisfiability(graph)
    return Composed(
        subgraphs=subgraphs,
        types=len(supergraph.types),
        fields=sum(len(fields) for fields in supergraph.fields.values()),
        seconds=seconds,
        satisfiability_seconds=time.process_time() - begun,
        again_seconds=again_seconds,
        memory_mb=memory_mb,
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(sizes: Sequence[int], say: Callable[[str], None]) -> tuple[Composed, ...]:
    """Each size in a process of its own: memory is never given back."""
    found = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.composition", str(size)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=_AT_MOST)  # noqa: S603 -- ours
        found.append(Composed(**json.loads(done.stdout)))
        say(f"{size} subgraphs: {found[-1].seconds:.1f} s")
    return tuple(found)


def composition_table(found: Iterable[Composed]) -> str:
    """A Markdown table. Growth is the exponent since the line before: 1 is linear, 2 quadratic."""
    rows = []
    before: Composed | None = None
    for one in found:
        rows.append(
            [
                str(one.subgraphs),
                str(one.types),
                str(one.fields),
                f"{one.seconds:.2f}",
                f"{one.satisfiability_seconds:.2f}",
                f"{one.again_seconds / one.seconds:.2f}",
                f"{one.memory_mb:.0f}",
                f"{one.seconds / one.subgraphs * 1000:.0f}",
                _growth(before, one, lambda measured: measured.seconds),
                _growth(before, one, lambda measured: measured.satisfiability_seconds),
                _growth(before, one, lambda measured: measured.memory_mb),
            ]
        )
        before = one
    titles = ["subgraphs", "types", "fields", "CPU s", "of that satisfiability", "again", "MB", "ms/subgraph"]
    return table([*titles, "growth of CPU", "of satisfiability", "of memory"], rows)


def _growth(before: Composed | None, now: Composed, value: Callable[[Composed], float]) -> str:
    if before is None or min(value(before), value(now)) <= 0:
        return ""
    return f"{math.log(value(now) / value(before)) / math.log(now.subgraphs / before.subgraphs):.2f}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(compose_company(int(sys.argv[1])))) + "\n")
