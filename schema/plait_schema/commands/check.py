"""`plait check`: what a proposed subgraph does to the graph, its clients and its conventions."""

from datetime import timedelta
from pathlib import Path

import click

from plait_schema.checks import CheckSettings, CostSettings, FailOn, UsageSettings
from plait_schema.commands.check_by_files import CheckFiles, check_by_files
from plait_schema.commands.check_by_registry import check_by_registry
from plait_schema.commands.progress import progress
from plait_schema.commands.proposals import AllSubgraphs, OneSubgraph, parse_proposal
from plait_schema.commands.registry.named_versions import is_variant
from plait_schema.commands.registry.options import speaks_to_registry
from plait_schema.commands.reports import parse_outputs, publish_report, report_options
from plait_schema.commands.settings import config_option, read_settings
from plait_schema.sources.check_settings import span


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--subgraph", metavar="NAME", help="The subgraph that is to change.")
@click.option(
    "--schema", type=click.Path(path_type=Path), help="Its new SDL: a file, or - for standard input."
)
@click.option("--delete", is_flag=True, help="Check what happens without the subgraph, instead.")
@click.option(
    "--subgraphs",
    type=click.Path(path_type=Path),
    help="A supergraph.yaml with all subgraphs as they would be, instead of one.",
)
@click.option("--routing-url", metavar="URL", help="Where it will be served; as before when left out.")
@click.option(
    "--against",
    metavar="FILE|GRAPH@VARIANT",
    help="What is published: a supergraph SDL, or a supergraph.yaml; REVISION:path reads it from git;"
    " GRAPH@VARIANT is asked of the registry, which knows operations and approvals, too.",
)
@click.option(
    "--operations",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Operations of clients: a folder, a document or a manifest; may be repeated.",
)
@click.option(
    "--usage",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Recorded usage, as JSON lines or JSON; may be repeated.",
)
@click.option("--approvals", type=click.Path(path_type=Path), help="Findings that somebody approved.")
@speaks_to_registry
@config_option
@report_options
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "dangerous", "warning"]),
    help="The least that fails the check.",
)
@click.option("--usage-window", metavar="SPAN", help="How old usage may be, as 7d, 12h or 4w.")
@click.option(
    "--minimum-requests",
    type=click.IntRange(min=0),
    metavar="N",
    help="With fewer requests, a breaking change is safe.",
)
@click.option(
    "--minimum-percentage",
    type=click.FloatRange(min=0, max=100),
    metavar="P",
    help="With a smaller part of all requests, a breaking change is safe.",
)
@click.option(
    "--exclude-client",
    "excluded",
    multiple=True,
    metavar="NAME[@VERSION]",
    help="A client that does not count; may have *, and be repeated.",
)
@click.option(
    "--include-variant",
    "included",
    multiple=True,
    metavar="GRAPH@VARIANT",
    help="Another variant of the registry whose operations count; may be repeated.",
)
@click.option(
    "--maximum-cost",
    type=click.IntRange(min=0),
    metavar="N",
    help="What gateways allow an operation to cost (limits.cost).",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long it all may take.",
)
def check(
    subgraph: str | None,
    schema: Path | None,
    delete: bool,
    subgraphs: Path | None,
    routing_url: str | None,
    against: str | None,
    operations: tuple[Path, ...],
    usage: tuple[Path, ...],
    approvals: Path | None,
    url: str,
    token: str | None,
    config: Path | None,
    format_: str,
    outputs: tuple[str, ...],
    fail_on: str | None,
    usage_window: str | None,
    minimum_requests: int | None,
    minimum_percentage: float | None,
    excluded: tuple[str, ...],
    included: tuple[str, ...],
    maximum_cost: int | None,
    timeout: float,
) -> None:
    """Check a proposed subgraph, or all of them, against what is published, in files or in a registry.

    It composes the graph with the proposal; lists breaking, dangerous and safe changes of the API schema, and
    which recorded operations and clients they break; validates and plans these operations; lints the schema;
    and does the same for contracts.

    \b
        plait check --subgraph users --schema users.graphql --against supergraph.graphql \\
          --operations operations/ --usage usage.jsonl --output sarif=check.sarif
        plait check --subgraph users --schema users.graphql --against shop@prod

    Changes that no recorded operation uses are safe. A finding that somebody has approved, by its
    fingerprint, in the file of --approvals, does not fail the check again.

    \b
    Exit codes:
      0  fine
      1  the check failed
      2  timed out
      3  bad usage or input
    """
    proposal = parse_proposal(subgraph, schema, delete=delete, url=routing_url, subgraphs=subgraphs)
    files = parse_outputs(outputs)
    said = CheckSettings(
        fail_on=FailOn(fail_on) if fail_on else None,
        usage=UsageSettings(_window(usage_window), minimum_requests, minimum_percentage, excluded, included),
        costs=CostSettings(maximum_cost),
    )
    settings = said.over(read_settings(config))
    if against is None:
        raise click.UsageError("say what is published: --against FILE, or --against GRAPH@VARIANT.")
    if is_variant(against):
        if operations or usage or approvals:
            raise click.UsageError(
                f"{against} is of the registry, which knows operations, usage and approvals."
            )
        if isinstance(proposal, AllSubgraphs):
            raise click.UsageError(f"{against} is of the registry, which checks one subgraph at a time.")
        source = proposal.source(url="") if isinstance(proposal, OneSubgraph) else None
        check_by_registry(
            against, proposal.name, source, settings, format_, files, url=url, token=token, timeout=timeout
        )
        return
    if included:
        raise click.UsageError("variants that are included are of a registry: --against GRAPH@VARIANT.")
    with progress("Checking", format_=format_) as at:
        known = CheckFiles(against, operations, usage, approvals)
        report = check_by_files(proposal, known, settings, timeout=timeout, at=at)
    publish_report(report, format_, files)


def _window(text: str | None) -> timedelta | None:
    if text is not None and span(text) is None:
        raise click.UsageError(f"--usage-window {text}: write a span as 7d, 12h or 4w.")
    return None if text is None else span(text)
