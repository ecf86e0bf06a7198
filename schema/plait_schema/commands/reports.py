"""Where reports go: standard output, files, and what GitHub Actions shows."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from plait_schema.checks.formats import FORMATS
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
    """Files and their formats; click.UsageError for what is none, before anybody waits for a report."""
    found: dict[Path, str] = {}
    for value in values:
        format_, separator, file = value.partition("=")
        if format_ not in FORMATS or not separator or not file:
            raise click.UsageError(f"--output {value}: write FORMAT=FILE, with one of {', '.join(FORMATS)}.")
        if not Path(file).parent.is_dir():
            raise click.UsageError(f"--output {value}: there is no folder {Path(file).parent}.")
        found[Path(file)] = format_
    return found


def wanted_formats(format_: str, outputs: Mapping[Path, str]) -> tuple[str, ...]:
    """The formats that `publish` will ask for, each once."""
    shown = ("github", "markdown") if _is_on_github() else ()
    return tuple(dict.fromkeys((format_, *outputs.values(), *shown)))


def publish(
    rendered: Callable[[str], str], format_: str, outputs: Mapping[Path, str], *, failed: bool
) -> None:
    """Print the report, write the files, and end with exit code 1 if it failed; `rendered` takes a format.

    On GitHub Actions findings are annotations, too, and the report goes into the summary of the job.
    """
    for file, each in outputs.items():
        write_file(file, click.unstyle(rendered(each)))
    click.echo(rendered(format_), nl=False)
    if _is_on_github():
        if format_ != "github":
            click.echo(rendered("github"), nl=False, err=True)  # apart from what programs read
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            _append(Path(summary), rendered("markdown"))
    if failed:
        raise click.exceptions.Exit(_FAILED)


def publish_report(report: Report, format_: str, outputs: Mapping[Path, str]) -> None:
    """The same for a report that was made here."""
    failed = report.outcome is Outcome.FAILED
    publish(lambda wanted: FORMATS[wanted](report), format_, outputs, failed=failed)


def _is_on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _append(file: Path, text: str) -> None:
    try:
        with file.open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
