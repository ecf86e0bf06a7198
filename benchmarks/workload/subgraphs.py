"""The schemas that the benchmark runs on: the academy's own."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema

from benchmarks.workload.resolvers import SUBGRAPHS
from plait_schema.composition import compose
from plait_schema.sources import read_sources
from plait_schema.subgraph import SubgraphSource

_CONFIGURATION: Final = Path(__file__).parents[2] / "subgraphs" / "supergraph.yaml"


def academy_sources(address: str) -> tuple[SubgraphSource, ...]:
    """The academy's subgraphs that the benchmark asks, each under its name at this address."""
    return tuple(
        replace(source, url=f"{address}/{source.name}")
        for source in read_sources(_CONFIGURATION)
        if source.name in SUBGRAPHS
    )


def academy_supergraph(address: str) -> str:
    """The supergraph SDL of these; raises ValueError when they do not compose."""
    return _composed(academy_sources(address))


def whole_academy() -> str:
    """The supergraph SDL of all of the academy's subgraphs; raises ValueError when it does not compose."""
    return _composed(read_sources(_CONFIGURATION))


def _composed(sources: Iterable[SubgraphSource]) -> str:
    composition = compose(sources)
    if composition.supergraph_sdl is None:
        raise ValueError(f"the academy does not compose: {composition.diagnostics[0].message}")
    return composition.supergraph_sdl


def subgraph_schema(source: SubgraphSource) -> GraphQLSchema:
    """What the subgraph's server would serve: its SDL spells out federation's machinery."""
    return build_schema(source.sdl, assume_valid=True, assume_valid_sdl=True)
