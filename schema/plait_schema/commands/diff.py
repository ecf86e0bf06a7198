"""`plait diff`: what changes for clients from one graph to another."""

import click

from plait_schema.checks.changes import Graph
from plait_schema.checks.changes import diff as changes_between
from plait_schema.checks.judging import counted, finding_of_change
from plait_schema.checks.report import Report, Section
from plait_schema.checks.settings import FailOn
from plait_schema.commands.graphs import read_graph, supergraph_in
from plait_schema.commands.registry.named_versions import is_version, supergraph_named
from plait_schema.commands.registry.options import asking, speaks_to_registry
from plait_schema.commands.reports import parse_outputs, publish_report, report_options
from plait_schema.sources import DEFAULT_TIMEOUT, SourceTimeoutError

_TIMED_OUT = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("before")
@click.argument("after")
@speaks_to_registry
@report_options
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "dangerous"]),
    help="Exit with 1 for such changes; all changes are fine when left out.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="How long running subgraphs of a supergraph.yaml may take to give their SDL.",
)
def diff(
    before: str,
    after: str,
    url: str,
    token: str | None,
    format_: str,
    outputs: tuple[str, ...],
    fail_on: str | None,
    timeout: float,
) -> None:
    """List the changes from BEFORE to AFTER: breaking, dangerous and safe ones, by schema coordinate.

    Both are files: a supergraph, an API schema, a subgraph, or a supergraph.yaml that is composed. A file of
    a git revision is written REVISION:path, also a supergraph.yaml, whose files are then of that revision.
    GRAPH@VARIANT is what the registry serves, GRAPH@VARIANT:NUMBER one of its versions.
    Between supergraphs, who has what is compared, too.

    \b
        plait diff main:subgraphs/supergraph.graphql subgraphs/supergraph.yaml
        plait diff shop@prod:3 shop@prod:5
        plait diff shop@prod shop@staging --format json

    \b
    Exit codes:
      0  compared
      1  there are changes of the kind that --fail-on names
      2  a running subgraph, or the registry, took too long
      3  bad usage or input
    """
    files = parse_outputs(outputs)

    def graph(name: str) -> Graph:
        if is_version(name):
            with asking(url, token) as registry:
                return supergraph_in(supergraph_named(registry, name), name)
        return read_graph(name, timeout=timeout)

    try:
        found = changes_between(graph(before), graph(after))
    except SourceTimeoutError as error:
        error.show()
        raise click.exceptions.Exit(_TIMED_OUT) from error
    findings = tuple(finding_of_change(change, None, {}, lambda _: ()) for change in found)
    section = Section("changes", f"{counted(len(found), 'change')}.", findings)
    strictness = FailOn.NOTHING if fail_on is None else FailOn(fail_on)
    publish_report(Report("diff", f"{before} to {after}", (section,), strictness), format_, files)
