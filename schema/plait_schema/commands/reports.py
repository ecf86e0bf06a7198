"""Where reports go: standard output, files, and what GitHub Actions shows."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from plait_schema.checks.formats import FORMATS, github_annotations, markdown
from plait_schema.checks.report import Outcome, Report
from plait_schema.commands.output import write_file

_FAILED = 1

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(list(FORMATS)),
        default="text",
        show_default=True,
        help="What is printed on standard output.",
    ),
    click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT=FILE",
        help="A file for the report in a format, beside what is printed; may be repeated.",
    ),
)


def report_options(command: _Command) -> _Command:
    """The options that say where the report goes, and as what."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def parse_outputs(values: Sequence[str]) -> Mapping[Path, str]:
    """Files and their formats; click.UsageError for what is none."""
    found: dict[Path, str] = {}
    for value in values:
        format_, separator, file = value.partition("=")
        if format_ not in FORMATS or not separator or not file:
            raise click.UsageError(f"--output {value}: write FORMAT=FILE, with one of {', '.join(FORMATS)}.")
        found[Path(file)] = format_
    return found


def publish(report: Report, format_: str, outputs: Mapping[Path, str]) -> None:
    """Print the report, write the files, and end with exit code 1 if it failed.

    On GitHub Actions findings are annotations, too, and the report goes into the summary of the job.
    """
    for file, each in outputs.items():
        write_file(file, click.unstyle(FORMATS[each](report)))
    click.echo(FORMATS[format_](report), nl=False)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        if format_ != "github":
            click.echo(github_annotations(report), nl=False, err=True)  # apart from what programs read
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            _append(Path(summary), markdown(report))
    if report.outcome is Outcome.FAILED:
        raise click.exceptions.Exit(_FAILED)


def _append(file: Path, text: str) -> None:
    try:
        with file.open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
