"""What a fetch is for: the fields that it brings, and how its subgraph is entered."""

from dataclasses import dataclass

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, Part, in_order
from plait_gateway.query_plan.nodes import Representation, RepresentationField, RepresentationFragment
from plait_gateway.query_plan.paths import format_path
from plait_schema.query_graph import QueryGraph


@dataclass(frozen=True, slots=True)
class Brought:
    """A field that a fetch asks of the objects at its place, and the subgraphs that have it."""

    coordinate: str
    subgraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """How objects of a type are taken to another subgraph: by a key, with what the fields require."""

    type: str
    key: str
    requires: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One fetch of the finished plan; numbers are those of the changes of each stage.

    `in_batch_with` are the other fetches of its request.
    """

    number: int
    subgraph: str
    path: str
    after: tuple[int, ...]
    in_batch_with: tuple[int, ...]
    fields: tuple[Brought, ...]
    jumps: tuple[Jump, ...]


def reasons(graph: FetchGraph) -> tuple[Reason, ...]:
    """The fetches in an order in which they could run."""
    batches = {number: batch for batch in graph.batches for number in batch}
    return tuple(
        _reason(graph.fetches[number], batches.get(number, ()), graph.graph)
        for number in in_order(graph.fetches)
    )


def _reason(fetch: FetchNode, batch: tuple[int, ...], graph: QueryGraph) -> Reason:
    jumps = (_jump(part.representation) for part in fetch.parts if part.representation is not None)
    brought = (one for part in fetch.parts for one in _brought(part, graph))
    return Reason(
        fetch.number,
        fetch.subgraph,
        format_path(fetch.path),
        tuple(sorted(fetch.after)),
        tuple(number for number in batch if number != fetch.number),
        tuple(dict.fromkeys(brought)),
        tuple(dict.fromkeys(jumps)),
    )


def _brought(part: Part, graph: QueryGraph) -> list[Brought]:
    owner = part.asks.node.type
    fields = [
        Brought(f"{owner}.{ask.field}", tuple(graph.subgraphs_with(owner, ask.field)))
        for ask in part.asks.fields
    ]
    if part.asks.wants_typename and not fields:
        fields.append(Brought(f"{owner}.__typename", (part.asks.node.subgraph,)))
    return fields


def _jump(representation: Representation) -> Jump:
    keys = [one for one in representation.fields if not isinstance(one, RepresentationField) or one.key]
    required = [one for one in representation.fields if one not in keys]
    return Jump(representation.on, _field_set(keys), _field_set(required))


def _field_set(sent: list[RepresentationField | RepresentationFragment]) -> str:
    return " ".join(_sent(one) for one in sent)


def _sent(one: RepresentationField | RepresentationFragment) -> str:
    inner = f" {{ {_field_set(list(one.selections))} }}" if one.selections else ""
    match one:
        case RepresentationField(name=name):
            return name + inner
        case RepresentationFragment(on=on):
            return f"... on {on}{inner}"
