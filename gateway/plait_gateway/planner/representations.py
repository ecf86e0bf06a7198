"""What an entity fetch sends: the key's fields and the required ones, read from where they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from plait_gateway.planner.response_names import ResponseNames, ResponsePath
from plait_gateway.query_plan.nodes import Representation, RepresentationField, RepresentationFragment
from plait_schema.query_graph import Edge, QueryGraph, Selection
from plait_schema.query_graph.selection import TYPENAME, field_type

Sent = RepresentationField | RepresentationFragment


def representation(
    graph: QueryGraph, edge: Edge, requires: tuple[Selection, ...], names: ResponseNames, path: ResponsePath
) -> Representation:
    """The representation of the objects at a path that take an edge."""
    key = [replace(_field(graph, edge.on, one, names, path), key=True) for one in edge.key]
    required = [_field(graph, min(one.types), one, names, path) for one in requires]  # of an object type
    return Representation(edge.on, merged((*key, *required)), edge.typename)


def merged(sent: Iterable[Sent]) -> tuple[Sent, ...]:
    """Each field once, with all that is sent of it."""
    fields: dict[tuple[str, str], RepresentationField] = {}
    fragments: dict[str, RepresentationFragment] = {}
    for one in sent:
        match one:
            case RepresentationField(name, source, selections, key):
                known = fields.get((name, source), RepresentationField(name, source))
                both = merged((*known.selections, *selections))
                fields[name, source] = RepresentationField(name, source, both, key or known.key)
            case RepresentationFragment(on, selections):
                inner = fragments[on].selections if on in fragments else ()
                fragments[on] = RepresentationFragment(on, merged((*inner, *selections)))
    return (*fields.values(), *fragments.values())


def clashes(sent: Iterable[Sent]) -> bool:
    """Whether a field would be sent from two sources under one name."""
    names = [one.name for one in sent if isinstance(one, RepresentationField)]
    inner = [one.selections for one in sent]
    return len(names) != len(set(names)) or any(clashes(selections) for selections in inner)


def _field(
    graph: QueryGraph, parent: str, selection: Selection, names: ResponseNames, path: ResponsePath
) -> RepresentationField:
    source = names.key_for(path, selection)
    inner = field_type(graph.schema, parent, selection.field)
    if not selection.selections or inner is None:
        return RepresentationField(selection.field, source)
    below = (*path, source)
    return RepresentationField(
        selection.field, source, merged(_inner(graph, inner, selection.selections, names, below))
    )


def _inner(
    graph: QueryGraph,
    parent: str,
    selections: tuple[Selection, ...],
    names: ResponseNames,
    path: ResponsePath,
) -> Iterator[Sent]:
    everywhere = graph.runtime_types(parent)
    if everywhere != {parent}:
        yield RepresentationField(TYPENAME, TYPENAME)  # the receiver could not tell the type otherwise
    for selection in selections:
        if selection.types == everywhere:
            yield _field(graph, parent, selection, names, path)
        else:
            for name in sorted(selection.types):
                yield RepresentationFragment(name, (_field(graph, name, selection, names, path),))
