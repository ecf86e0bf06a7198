"""`plait lint`: whether subgraphs keep to conventions."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from plait_schema.checks.judging import counted, finding_of_diagnostic
from plait_schema.checks.lint import lint as lint_schema
from plait_schema.checks.report import Report, Section
from plait_schema.checks.settings import FailOn
from plait_schema.commands.graphs import is_configuration
from plait_schema.commands.reports import parse_outputs, publish_report, report_options
from plait_schema.commands.settings import config_option, read_settings
from plait_schema.commands.texts import read_schema
from plait_schema.sources import DEFAULT_TIMEOUT, SourceTimeoutError, read_sources
from plait_schema.subgraph import SubgraphSource

_TIMED_OUT = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@report_options
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="The least severity that ends with exit code 1.",
)
def lint(
    files: tuple[Path, ...], config: Path | None, format_: str, outputs: tuple[str, ...], fail_on: str
) -> None:
    """Check the conventions of subgraphs: names, descriptions, deprecations, unused types.

    FILES are schemas, or supergraph.yaml files, whose subgraphs are meant. The rules have GraphOS's names;
    the section `lint` of plait.yaml sets their severities, and the tags that are approved.

    \b
        lint:
          rules:
            FIELD_NAMES_SHOULD_BE_CAMEL_CASE: error
            ALL_ELEMENTS_REQUIRE_DESCRIPTION: warning
            TYPE_SUFFIX: off
          approved_tags: [public, internal]

    \b
    Exit codes:
      0  fine, warnings at most
      1  errors, or warnings with --fail-on warning
      2  a running subgraph took too long
      3  bad usage or input
    """
    targets = parse_outputs(outputs)
    settings = read_settings(config).lint
    try:
        sources = tuple(_sources(files))
    except SourceTimeoutError as error:
        error.show()
        raise click.exceptions.Exit(_TIMED_OUT) from error
    findings = tuple(
        finding_of_diagnostic(diagnostic)
        for source in sources
        for diagnostic in lint_schema(source, settings)
    )
    section = Section("lint", f"{counted(len(sources), 'schema')}.", findings)
    strictness = FailOn.WARNING if fail_on == "warning" else FailOn.BREAKING
    publish_report(Report("lint", _subject(files), (section,), strictness), format_, targets)


def _subject(files: Sequence[Path]) -> str:
    return ", ".join(map(str, files[:3])) + (", …" if len(files) > 3 else "")


def _sources(files: Sequence[Path]) -> Iterator[SubgraphSource]:
    for file in files:
        if is_configuration(str(file)):
            yield from read_sources(file, timeout=DEFAULT_TIMEOUT)
        else:
            yield read_schema(file.stem, "", file)
