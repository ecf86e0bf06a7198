"""What a plan has that a compiler has to have thought of."""

from collections import Counter
from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Key,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    RepresentationField,
    RepresentationFragment,
    Sequence,
    fetches_in,
)
from plait_gateway.query_plan.operations import asked_of_entities, parse_operation


def features(plan: QueryPlan) -> set[str]:
    """The names of what is in a plan."""
    fetches = list(_fetches(plan.node, ())) if plan.node is not None else []
    found = {"mutation"} if any(fetch.kind == "mutation" for fetch, _ in fetches) else set()
    brought = Counter(path for fetch, at in fetches for path in set(_objects(fetch, at)))
    if any(times > 1 for times in brought.values()):
        found.add("merged objects")
    for batch in _batches(plan.node):
        asked = fetches_in(batch)
        if len(asked) > 1:
            found.add("batch")
        if len(asked) < len(batch.nodes):
            found.add("entities for several paths")
        if any(isinstance(node, Condition) for node in batch.nodes):
            found.add("conditions in a batch")
    for fetch, _ in fetches:
        if len({one.on for one in fetch.representations}) > 1:
            found.add("several types")
        if fetch.renames:
            found.add("renames")
        if any(_has_fragment(one.fields) for one in fetch.representations):
            found.add("type conditions in representations")
    return found


def _fetches(
    node: PlanNode, path: tuple[PathElement, ...]
) -> Iterator[tuple[Fetch, tuple[PathElement, ...]]]:
    match node:
        case Fetch():
            yield node, path
        case Flatten(more, child):
            yield from _fetches(child, (*path, *more))
        case Sequence(nodes) | Parallel(nodes) | BatchFetch(nodes=nodes):
            for child in nodes:
                yield from _fetches(child, path)
        case Condition(_, then, otherwise):
            for branch in (then, otherwise):
                if branch is not None:
                    yield from _fetches(branch, path)


def _batches(node: PlanNode | None) -> Iterator[BatchFetch]:
    match node:
        case BatchFetch():
            yield node
        case Flatten(node=child):
            yield from _batches(child)
        case Sequence(nodes) | Parallel(nodes):
            for child in nodes:
                yield from _batches(child)
        case Condition(_, then, otherwise):
            yield from _batches(then)
            yield from _batches(otherwise)


def _objects(fetch: Fetch, path: tuple[PathElement, ...]) -> Iterator[tuple[str, ...]]:
    """Where an answer has objects, by keys."""
    operation = parse_operation(fetch.operation)
    asked = asked_of_entities(operation) if fetch.representations else operation
    yield from _below(asked.selection_set, tuple(one.name for one in path if isinstance(one, Key)))


def _below(selection_set: SelectionSetNode, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for selection in selection_set.selections:
        match selection:
            case FieldNode(name=name, alias=alias, selection_set=SelectionSetNode() as nested):
                path = (*keys, (alias or name).value)
                yield path
                yield from _below(nested, path)
            case InlineFragmentNode(selection_set=nested):
                yield from _below(nested, keys)


def _has_fragment(selections: tuple[RepresentationField | RepresentationFragment, ...]) -> bool:
    return any(isinstance(one, RepresentationFragment) or _has_fragment(one.selections) for one in selections)
