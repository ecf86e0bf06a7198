"""`plait explain`: what a code means, with an example and its mend."""

import json
import shutil
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import click

from plait_schema.diagnostics import CODES
from plait_schema.explanations import (
    Explanation,
    code_as_json,
    code_lines,
    codes_by_severity,
    explanation_as_markdown,
    explanation_lines,
    explanation_of,
    reference_page,
)

_WIDEST = 100  # longer lines are hard to read


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("code", required=False)
@click.option("--list", "list_", is_flag=True, help="List all codes; so does leaving CODE out.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How it is shown; all codes as Markdown are the reference page.",
)
def explain(code: str | None, list_: bool, format_: str) -> None:
    """Explain a CODE that composition reports.

    It tells what the code means and why it matters, with an example that has it and the same example mended.

    \b
        plait explain INVALID_FIELD_SHARING

    \b
    Exit codes:
      0  explained
      3  no such code, or bad usage
    """
    if code is not None and list_:
        raise click.UsageError("Give a code or --list, not both.")
    if code is None:
        _show_all(format_)
    else:
        _show(explanation_of(_find(code)), format_)


def _find(code: str) -> str:
    name = code.upper()
    if name in CODES:
        return name
    close = get_close_matches(name, CODES)
    advice = f"Did you mean {' or '.join(close)}?" if close else "`plait explain` lists all codes."
    raise click.ClickException(f'There is no code "{code}". {advice}')


def _show(explanation: Explanation, format_: str) -> None:
    match format_:
        case "json":
            _echo_json(explanation.as_json())
        case "markdown":
            click.echo(explanation_as_markdown(explanation))
        case _:
            width = min(shutil.get_terminal_size().columns, _WIDEST)
            _echo_lines(explanation_lines(explanation, width=width))


def _show_all(format_: str) -> None:
    match format_:
        case "json":
            _echo_json({"codes": [code_as_json(code) for _, codes in codes_by_severity() for code in codes]})
        case "markdown":
            click.echo(reference_page(), nl=False)
        case _:
            _echo_lines(code_lines())


def _echo_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps({"schema_version": 1} | content, indent=2, ensure_ascii=False))


def _echo_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)  # which leaves colors out where they would not be seen
