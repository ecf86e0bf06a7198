"""What to say about a field that a query can ask for and no plan can fetch."""

from collections.abc import Iterator

from graphql import OperationType

from plait_schema.composition.paths import Path, Position
from plait_schema.composition.rules.wording import named
from plait_schema.composition.witness import witness
from plait_schema.diagnostics import SATISFIABILITY_ERROR, Diagnostic
from plait_schema.federation.field_set import print_field_set
from plait_schema.query_graph import Node, QueryGraph
from plait_schema.supergraph import FieldInSubgraph

_LONGEST_WITNESS = 32  # steps


def unreachable(graph: QueryGraph, position: Position, type_name: str, field: str, path: Path) -> Diagnostic:
    """The field that nobody can be asked for: a query that does, and what is wrong with each subgraph."""
    coordinate = f"{type_name}.{field}"
    starts = sorted({node.subgraph for node in position.nodes})
    owners = dict(_owners(graph, position, type_name, field))
    reasons = [
        f'- from subgraph "{name}": it does not resolve {coordinate}.'
        for name in starts
        if name not in owners
    ]
    reasons += [f'- into subgraph "{name}": {why}.' for name, why in owners.items()]
    labels = ", ".join(f'"{label}"' for label in sorted(graph.active_labels))
    when = f" when the @override labels {labels} are active" if labels else ""
    message = "\n".join(
        [
            f"{coordinate} cannot be fetched{when} in {_example(graph, path)}",
            "",
            "No subgraph can be asked for it there:",
            *reasons,
        ]
    )
    return SATISFIABILITY_ERROR.at(
        coordinate, message, subgraphs=[*starts, *owners], fix=_fix(graph, position, type_name, field)
    )


def _example(graph: QueryGraph, path: Path) -> str:
    """A query that follows the path; of one that nobody could read, how it ends."""
    if path.length <= _LONGEST_WITNESS:
        return f"a query such as\n\n{witness(graph.api_schema, path.last(path.length))}"
    end = " > ".join(f"{step.type}.{step.field}" for step in path.last(3))
    return f"a query that is {path.length} fields deep and ends with {end}"


def _fix(graph: QueryGraph, position: Position, type_name: str, field: str) -> str:
    owners = graph.supergraph.fields.get(type_name, {}).get(field, {}).values()
    if not all(_are_set(position, owner) for owner in owners):
        return "Set the context above the field on every way to it, or let the client give the argument."
    if any(owner.requires is not None for owner in owners) and _is_root(graph, type_name):
        return "Move the field to an entity, or resolve it without @requires."
    required = [owner.subgraph for owner in owners if _is_entered(graph, position, type_name, owner)]
    if required:
        return (
            f"Let what it requires be reachable from {named(required)}: by a resolvable @key of {type_name}"
            " that both subgraphs know, or by @shareable."
        )
    return "Give the type a resolvable @key that both subgraphs know, or share the field with @shareable."


def _owners(graph: QueryGraph, position: Position, type_name: str, field: str) -> Iterator[tuple[str, str]]:
    """The subgraphs that have the field, and why none of them can be entered."""
    for subgraph, join in graph.supergraph.fields.get(type_name, {}).get(field, {}).items():
        keys = graph.supergraph.types[type_name][subgraph].keys
        resolvable = [key for key in keys if key.resolvable] or keys
        texts = ", ".join(f'"{print_field_set(key.fields)}"' for key in resolvable)
        node = Node(subgraph, type_name)
        if join.external:
            yield subgraph, f"the field is @external there, and no path to {type_name} provides it"
        elif graph.field_at(node, type_name, field) is None:
            yield subgraph, f'the field is overridden there (label "{join.override_label}")'
        elif join.requires is not None and _is_root(graph, type_name):
            required = print_field_set(join.requires)
            yield subgraph, f'the field requires "{required}", but a root type has no @key to come back by'
        elif not keys:
            yield subgraph, f"{type_name} has no @key there"
        elif not any(key.resolvable for key in keys):
            yield subgraph, f"the @key of {type_name} ({texts}) is not resolvable there"
        elif not _are_set(position, join):
            names = ", ".join(sorted({argument.context for argument in join.context_arguments}))
            yield subgraph, f"the field takes arguments from a context that nothing above it sets ({names})"
        elif join.requires is not None and _is_entered(graph, position, type_name, join):
            required = print_field_set(join.requires)
            yield subgraph, f'the field requires "{required}", which cannot be fetched from there'
        else:
            yield subgraph, f"no @key of {type_name} there ({texts}) can be fetched from where the query is"


def _is_root(graph: QueryGraph, type_name: str) -> bool:
    return any(graph.root_type(operation) == type_name for operation in OperationType)


def _are_set(position: Position, join: FieldInSubgraph) -> bool:
    return all(argument.context in position.contexts for argument in join.context_arguments)


def _is_entered(graph: QueryGraph, position: Position, type_name: str, join: FieldInSubgraph) -> bool:
    """Whether the field's subgraph can be entered, so that only what it requires is missing."""
    node = Node(join.subgraph, type_name)
    return join.requires is not None and any(
        (node, type_name) in graph.standing(type_name, (start,)).entries
        for start in position.nodes
        if type_name in graph.possible_types(start)
    )
