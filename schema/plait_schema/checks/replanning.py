"""Which operations a change can give another plan: the others need not be planned to be compared.

A plan depends on who has what of the types and fields that the operation mentions, and of those that are
needed to get from one subgraph to another: keys, `@requires`, `@provides` and contexts. Where none of that
is different, the planner is asked the same question twice.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    print_ast,
)

from plait_schema.supergraph import Supergraph
from plait_schema.supergraph.model import FieldInSubgraph, TypeInSubgraph


def may_change_plans(before: Supergraph, after: Supergraph) -> frozenset[str]:
    """The names of types, and coordinates of fields, that make an operation worth planning anew.

    It is, if it mentions one of them.
    """
    old, new = dict(_facts(before)), dict(_facts(after))
    pending = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    dependents = defaultdict[str, set[str]](set)
    for supergraph in (before, after):
        for name, needed in _dependencies(supergraph):
            dependents[needed].add(name)
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += dependents[name]
    return frozenset(found)


def _facts(supergraph: Supergraph) -> Iterator[tuple[str, Hashable]]:
    """What a planner knows of each type and field."""
    for name, subgraphs in supergraph.types.items():
        abstract = supergraph.possible_types.get(name, {})
        possible = tuple((subgraph, tuple(sorted(types))) for subgraph, types in sorted(abstract.items()))
        yield name, (tuple(_of_type(one) for _, one in sorted(subgraphs.items())), possible)
    for name, fields in supergraph.fields.items():
        for field, in_subgraphs in fields.items():
            yield f"{name}.{field}", tuple(_of_field(one) for _, one in sorted(in_subgraphs.items()))
    for context, types in supergraph.contexts.items():
        yield f"context {context}", tuple(sorted(types))


def _of_type(one: TypeInSubgraph) -> Hashable:
    keys = sorted((print_ast(key.fields), key.resolvable) for key in one.keys)
    return one.subgraph, tuple(keys), one.is_interface_object


def _of_field(one: FieldInSubgraph) -> Hashable:
    contexts = tuple(
        (each.name, print_ast(each.type), each.context, print_ast(each.selection))
        for each in one.context_arguments
    )
    selections = tuple(print_ast(each) if each else None for each in (one.requires, one.provides))
    placed = (one.subgraph, one.external, one.override, one.override_label)
    return placed, print_ast(one.type), selections, contexts


def _dependencies(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    """Pairs: what an operation mentions, and what its plan then depends on, too."""
    for name, family in _families(supergraph):
        yield from ((name, relative) for relative in family)
        for field in supergraph.fields.get(name, {}):
            coordinate = f"{name}.{field}"
            yield coordinate, name
            yield from ((coordinate, f"{relative}.{field}") for relative in family)
    for name, subgraphs in supergraph.types.items():
        for one in subgraphs.values():
            for key in one.keys:
                yield from ((name, needed) for needed in _selected(supergraph, name, key.fields))
    for name, fields in supergraph.fields.items():
        for field, in_subgraphs in fields.items():
            for needed in _needed(supergraph, name, field, in_subgraphs.values()):
                yield f"{name}.{field}", needed


def _families(supergraph: Supergraph) -> Iterator[tuple[str, frozenset[str]]]:
    """Each type with its possible types, and with the interfaces that it implements."""
    relatives = defaultdict[str, set[str]](set)
    for abstract, subgraphs in supergraph.possible_types.items():
        for concrete in frozenset().union(*subgraphs.values()):
            relatives[abstract].add(concrete)
            relatives[concrete].add(abstract)
    for name in supergraph.types:
        yield name, frozenset(relatives[name])


def _needed(
    supergraph: Supergraph, parent: str, field: str, in_subgraphs: Iterable[FieldInSubgraph]
) -> Iterator[str]:
    """What comes before the field, and the types that set the contexts that it takes from."""
    named = _type_of(supergraph, parent, field)
    for one in in_subgraphs:
        if one.requires is not None:
            yield from _selected(supergraph, parent, one.requires)
        if one.provides is not None and named is not None:
            yield from _selected(supergraph, named, one.provides)
        for argument in one.context_arguments:
            yield f"context {argument.context}"
            for setter in supergraph.contexts.get(argument.context, ()):
                yield setter
                yield from _selected(supergraph, setter, argument.selection)


def _selected(supergraph: Supergraph, parent: str, selections: SelectionSetNode) -> Iterator[str]:
    """The types and fields of a field set."""
    yield parent
    for node in selections.selections:
        match node:
            case FieldNode(name=name, selection_set=inner):
                yield f"{parent}.{name.value}"
                named = _type_of(supergraph, parent, name.value)
                if inner is not None and named is not None:
                    yield from _selected(supergraph, named, inner)
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                on = condition.name.value if condition is not None else parent
                yield from _selected(supergraph, on, inner)


def _type_of(supergraph: Supergraph, parent: str, field: str) -> str | None:
    """The name of the field's type, where it has fields itself."""
    fields: Mapping[str, Any] = getattr(supergraph.schema.get_type(parent), "fields", {})
    if field not in fields:
        return None
    named = get_named_type(fields[field].type)
    return named.name if is_composite_type(named) else None
