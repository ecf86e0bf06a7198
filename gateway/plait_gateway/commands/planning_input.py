"""What the verbs that plan read: a supergraph, an operation, and the labels of `@override` that are on."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from plait_gateway.config import LimitsConfig
from plait_gateway.pipeline.document import read_document
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation, PlanningError
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import SupergraphError, read_supergraph

_NO = 1

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--supergraph",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="The supergraph SDL, of any composer.",
    ),
    click.option(
        "--operation",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        required=True,
        help="A file with the GraphQL operation, or - for standard input.",
    ),
    click.option("--operation-name", help="Which operation of the file, where it holds several."),
    click.option(
        "--label",
        "labels",
        multiple=True,
        help="A label of @override that is on; may be repeated. All others are off.",
    ),
)


def planning_options(command: _Command) -> _Command:
    """The options that say what is to be planned."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_graph(path: Path, labels: Iterable[str]) -> QueryGraph:
    """The supergraph's query graph with these labels on; raises ClickException for bad input."""
    try:
        graph = build_query_graph(read_supergraph(_read_text(path, "supergraph")))
    except SupergraphError as error:
        place = "".join(f":{at.line}:{at.column}" for at in error.locations[:1])
        raise click.ClickException(f"{path}{place}: {error.code}: {error.message}") from error
    active = frozenset(labels)
    for label in sorted(active - graph.labels):
        raise click.ClickException(_no_such_label(label, graph.labels))
    return graph.with_labels(active)


def read_operation(path: Path, name: str | None, graph: QueryGraph) -> Operation:
    """The operation to plan; exits where it does not fit the API schema, raises ClickException otherwise."""
    document = read_document(
        _read_text(path, "operation"), graph.api_schema, max_tokens=LimitsConfig().tokens
    )
    if isinstance(document, Refused):
        for error in document.errors:
            _print_error(str(error.extensions.get("code")), error.message, error.locations)
        raise click.exceptions.Exit(_NO)
    try:
        return Operation.from_document(document.ast, name, said_by="--operation-name")
    except PlanningError as error:
        exit_without_plan(error)


def exit_without_plan(error: PlanningError) -> NoReturn:
    """Say why there is no plan, and end."""
    _print_error(error.code, error.message, error.locations)
    raise click.exceptions.Exit(_NO) from error


def _read_text(path: Path, what: str) -> str:
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            text: str = file.read()
            return text
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise click.ClickException(f"Cannot read the {what} {path}: {reason}") from error


def _no_such_label(label: str, labels: frozenset[str]) -> str:
    if not labels:
        return f'There is no label "{label}": the supergraph has no @override with a label.'
    close = get_close_matches(label, sorted(labels), 1)
    advice = f'Did you mean "{close[0]}"?' if close else f"It has {', '.join(sorted(labels))}."
    return f'The supergraph has no label "{label}". {advice}'


def _print_error(code: str, message: str, locations: tuple[tuple[int, int], ...]) -> None:
    place = "".join(f"{line}:{column}: " for line, column in locations[:1])
    click.echo(f"{place}{code}: {message}", err=True)
