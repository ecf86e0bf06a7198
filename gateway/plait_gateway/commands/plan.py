"""`plait plan`: how an operation would be fetched."""

import json
from pathlib import Path

import click

from plait_gateway.config import LimitsConfig
from plait_gateway.pipeline.document import read_document
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation, PlanningError
from plait_gateway.planner import plan as plan_operation
from plait_gateway.query_plan import QueryPlan, format_plan, plan_as_json
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import SupergraphError, read_supergraph

_NO = 1


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--supergraph",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The supergraph SDL, of any composer.",
)
@click.option(
    "--operation",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="A file with the GraphQL operation, or - for standard input.",
)
@click.option("--operation-name", help="Which operation of the file, where it holds several.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The plan as engineers read it, or as GraphiQL does.",
)
def plan(supergraph: Path, operation: Path, operation_name: str | None, format_: str) -> None:
    """Show the fetches that answer an operation.

    \b
    Exit codes:
        0  here is the plan
        1  the operation does not fit the API schema, or cannot be planned
        3  bad usage or input
    """
    graph = _read_graph(supergraph)
    found = _plan(_read_text(operation, "operation"), operation_name, graph)
    if format_ == "json":
        click.echo(json.dumps(plan_as_json(found), indent=2))
    else:
        click.echo(format_plan(found), nl=False)


def _read_text(path: Path, what: str) -> str:
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            text: str = file.read()
            return text
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise click.ClickException(f"Cannot read the {what} {path}: {reason}") from error


def _read_graph(path: Path) -> QueryGraph:
    try:
        return build_query_graph(read_supergraph(_read_text(path, "supergraph")))
    except SupergraphError as error:
        place = "".join(f":{at.line}:{at.column}" for at in error.locations[:1])
        raise click.ClickException(f"{path}{place}: {error.code}: {error.message}") from error


def _plan(text: str, name: str | None, graph: QueryGraph) -> QueryPlan:
    document = read_document(text, graph.api_schema, max_tokens=LimitsConfig().tokens)
    if isinstance(document, Refused):
        for error in document.errors:
            _print_error(str(error.extensions.get("code")), error.message, error.locations)
        raise click.exceptions.Exit(_NO)
    try:
        return plan_operation(Operation.from_document(document.ast, name), graph)
    except PlanningError as error:
        _print_error(error.code, error.message, error.locations)
        raise click.exceptions.Exit(_NO) from error


def _print_error(code: str, message: str, locations: tuple[tuple[int, int], ...]) -> None:
    place = "".join(f"{line}:{column}: " for line, column in locations[:1])
    click.echo(f"{place}{code}: {message}", err=True)
