"""`plait plan`: how an operation would be fetched."""

import json
from pathlib import Path

import click

from plait_gateway.commands.planning_input import (
    exit_without_plan,
    planning_options,
    read_graph,
    read_operation,
)
from plait_gateway.planner import PlanningError
from plait_gateway.planner import plan as plan_operation
from plait_gateway.query_plan import format_plan, plan_as_json


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@planning_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The plan as engineers read it, or as GraphiQL does.",
)
def plan(
    supergraph: Path, operation: Path, operation_name: str | None, labels: tuple[str, ...], format_: str
) -> None:
    """Show the fetches that answer an operation; `plait explain` with the same options shows why.

    \b
    Exit codes:
        0  here is the plan
        1  the operation does not fit the API schema, or cannot be planned
        3  bad usage or input
    """
    graph = read_graph(supergraph, labels)
    try:
        found = plan_operation(read_operation(operation, operation_name, graph), graph)
    except PlanningError as error:
        exit_without_plan(error)
    if found.notice is not None:
        click.echo(f"Notice: {found.notice}", err=True)
    if format_ == "json":
        click.echo(json.dumps(plan_as_json(found), indent=2))
    else:
        click.echo(format_plan(found), nl=False)
