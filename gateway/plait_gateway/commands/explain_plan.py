"""`plait explain --supergraph S --operation F`: why an operation is fetched as it is."""

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
from plait_gateway.planner.explaining import (
    explain,
    explanation_as_json,
    explanation_as_mermaid,
    explanation_text,
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@planning_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "mermaid"]),
    default="text",
    show_default=True,
    help="All of it for people or for programs, or a picture of the fetches.",
)
def explain_plan(
    supergraph: Path, operation: Path, operation_name: str | None, labels: tuple[str, ...], format_: str
) -> None:
    """Explain the plan of an operation.

    It shows which subgraphs were considered for each field, at which cost, the plan after every step that
    changed it, and what each fetch is for. `plait plan` shows the plan alone.

    \b
    Exit codes:
        0  explained
        1  the operation does not fit the API schema, or cannot be planned
        3  bad usage or input
    """
    graph = read_graph(supergraph, labels)
    try:
        explanation = explain(read_operation(operation, operation_name, graph), graph)
    except PlanningError as error:
        exit_without_plan(error)
    match format_:
        case "json":
            click.echo(json.dumps(explanation_as_json(explanation), indent=2))
        case "mermaid":
            click.echo(explanation_as_mermaid(explanation), nl=False)
        case _:
            click.echo(explanation_text(explanation), nl=False)
