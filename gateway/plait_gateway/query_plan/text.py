"""A query plan as the text that every federation engineer reads."""

import json
from collections.abc import Iterable
from textwrap import indent
from typing import assert_never

from graphql import print_ast

from plait_gateway.query_plan.nodes import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
)
from plait_gateway.query_plan.operations import REPRESENTATIONS, asked_of_entities, parse_operation
from plait_gateway.query_plan.paths import format_context, format_path, format_rename
from plait_gateway.query_plan.representations import as_lines


def format_plan(plan: QueryPlan) -> str:
    """The plan's text, which `parse_plan` reads back; README.md describes it.

    Raises ValueError for a plan whose operations are not of the form that nodes.py asks for, and
    GraphQLError where they are not GraphQL.
    """
    return _block("QueryPlan", () if plan.node is None else _with_commas((plan.node,))) + "\n"


def _node(node: PlanNode) -> str:
    match node:
        case Fetch():
            return _block(f"Fetch({_fetch_arguments(node)})", _fetch_body(node))
        case BatchFetch(subgraph, nodes):
            return _block(f"BatchFetch(service: {json.dumps(subgraph)})", _with_commas(nodes))
        case Flatten(path, child):
            return _block(f'Flatten(path: "{format_path(path)}")', _with_commas((child,)))
        case Sequence(nodes):
            return _block("Sequence", _with_commas(nodes))
        case Parallel(nodes):
            return _block("Parallel", _with_commas(nodes))
        case Condition():
            return _condition(node)
        case _:
            assert_never(node)


def _condition(condition: Condition) -> str:
    argument = f"(if: ${condition.variable})"
    then, otherwise = _branch(condition.then), _branch(condition.otherwise)
    if then and not otherwise:
        return _block(f"Include{argument}", then)
    if otherwise and not then:
        return _block(f"Skip{argument}", otherwise)
    branches = (_block("Then", then), _block("Else", otherwise)) if then else ()
    return _block(f"Condition{argument}", (f"{branch}," for branch in branches))


def _branch(node: PlanNode | None) -> tuple[str, ...]:
    return () if node is None else tuple(_with_commas((node,)))


def _fetch_arguments(fetch: Fetch) -> str:
    arguments = [f"service: {json.dumps(fetch.subgraph)}"]
    if fetch.representations_variable != REPRESENTATIONS:
        arguments.append(f'representations: "{fetch.representations_variable}"')
    if fetch.contexts:
        arguments.append(f"contexts: {_strings(map(format_context, fetch.contexts))}")
    if fetch.renames:
        arguments.append(f"renames: {_strings(map(format_rename, fetch.renames))}")
    return ", ".join(arguments)


def _strings(texts: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(text) for text in texts)}]"


def _fetch_body(fetch: Fetch) -> tuple[str, ...]:
    operation = parse_operation(fetch.operation)
    if not fetch.representations:
        return (print_ast(operation),)
    sent = (line for representation in fetch.representations for line in as_lines(representation))
    return (f"{_block('', sent)} =>", print_ast(asked_of_entities(operation, fetch.representations_variable)))


def _with_commas(nodes: Iterable[PlanNode]) -> Iterable[str]:
    return (f"{_node(node)}," for node in nodes)


def _block(head: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    opening = f"{head} {{".lstrip()
    return f"{opening}\n{indent(body, '  ')}\n}}" if body else f"{opening}}}"
