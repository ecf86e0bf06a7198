"""A query plan as the JSON that GraphiQL's plan panel and `plait plan --format json` show."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from plait_gateway.query_plan.batches import fetches_in, request_of
from plait_gateway.query_plan.nodes import (
    BatchFetch,
    Condition,
    ContextVariable,
    Each,
    Fetch,
    Flatten,
    Key,
    On,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Rename,
    Representation,
    RepresentationField,
    RepresentationFragment,
    Sequence,
)


def plan_as_json(plan: QueryPlan) -> dict[str, Any]:
    """The plan as JSON objects with a `kind`, under the names that other gateways use."""
    form: dict[str, Any] = {"kind": "QueryPlan"}
    if plan.notice is not None:
        form["notice"] = plan.notice
    if plan.node is not None:
        form["node"] = _node(plan.node)
    return form


def _node(node: PlanNode) -> dict[str, Any]:
    match node:
        case Fetch():
            return _fetch(node)
        case BatchFetch():
            return _batch(node)
        case Flatten(path, child):
            return {"kind": "Flatten", "path": [_element(element) for element in path], "node": _node(child)}
        case Sequence(nodes):
            return {"kind": "Sequence", "nodes": [_node(child) for child in nodes]}
        case Parallel(nodes):
            return {"kind": "Parallel", "nodes": [_node(child) for child in nodes]}
        case Condition(variable, then, otherwise):
            branches = {"ifClause": then, "elseClause": otherwise}
            return {"kind": "Condition", "condition": variable} | {
                name: _node(branch) for name, branch in branches.items() if branch is not None
            }
        case _:
            assert_never(node)


def _fetch(fetch: Fetch) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": "Fetch",
        "serviceName": fetch.subgraph,
        "operationKind": fetch.kind,
        "operation": fetch.operation,
        "variableUsages": list(fetch.variables),
    }
    if fetch.representations:
        entry["requires"] = [_representation(representation) for representation in fetch.representations]
    if fetch.contexts:
        entry["contextRewrites"] = [rewrite for context in fetch.contexts for rewrite in _context(context)]
    if fetch.renames:
        entry["outputRewrites"] = [_rename(rename) for rename in fetch.renames]
    return entry


def _batch(batch: BatchFetch) -> dict[str, Any]:
    request = request_of(fetches_in(batch))
    return {
        "kind": "BatchFetch",
        "serviceName": batch.subgraph,
        "operationKind": "query",
        "operation": request.operation,
        "variableUsages": list(request.variables),
        "nodes": [_node(child) for child in batch.nodes],
    }


def _context(context: ContextVariable) -> Iterator[dict[str, Any]]:
    for read in context.reads:
        path = [".."] * read.up + [_element(element) for element in read.path]
        yield {"kind": "KeyRenamer", "path": path, "renameKeyTo": context.name}


def _rename(rename: Rename) -> dict[str, Any]:
    path = [_element(element) for element in (*rename.path, Key(rename.alias))]
    return {"kind": "KeyRenamer", "path": path, "renameKeyTo": rename.response_key}


def _representation(representation: Representation) -> dict[str, Any]:
    told = {"sentAs": representation.typename} if representation.typename else {}
    typename = RepresentationField("__typename", "__typename")
    selections = _selections((typename, *representation.fields))
    return {"kind": "InlineFragment", "typeCondition": representation.on, **told, "selections": selections}


def _selections(selections: Iterable[RepresentationField | RepresentationFragment]) -> list[dict[str, Any]]:
    return [_selection(selection) for selection in selections]


def _selection(selection: RepresentationField | RepresentationFragment) -> dict[str, Any]:
    match selection:
        case RepresentationField(name, source, selections):
            alias = {} if name == source else {"alias": name}
            nested = {"selections": _selections(selections)} if selections else {}
            return {"kind": "Field", "name": source, **alias, **nested}
        case RepresentationFragment(on, selections):
            return {"kind": "InlineFragment", "typeCondition": on, "selections": _selections(selections)}
        case _:
            assert_never(selection)


def _element(element: PathElement) -> str:
    match element:
        case Key(name):
            return name
        case Each():
            return "@"
        case On(types):
            return f"|[{','.join(types)}]"
        case _:
            assert_never(element)
