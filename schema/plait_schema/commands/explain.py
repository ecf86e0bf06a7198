"""`plait explain`: what a code means, with an example and its mend; and what other packages explain."""

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
    explanation_as_markdown,
    explanation_lines,
    explanation_of,
    reference_page,
    tables,
)
from plait_schema.verbs import installed, load_command

_SUBJECTS = "plait.explain"
_WIDEST = 100  # longer lines are hard to read


class _Explain(click.Command):
    """Explains codes, unless an option asks for something else that an installed package explains.

    Such a package has an entry point under the name of each option that is its own.
    """

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        subjects = installed(_SUBJECTS)
        for argument in args:
            subject = subjects.get(argument.partition("=")[0].removeprefix("--"))
            if subject is not None and argument.startswith("--"):
                command = load_command(subject, called="plait explain")
                return command.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        subjects = installed(_SUBJECTS).values()
        for command in dict.fromkeys(load_command(one, called="plait explain") for one in subjects):
            with formatter.section(command.get_short_help_str().rstrip(".")):
                records = (option.get_help_record(ctx) for option in command.params)
                formatter.write_dl([record for record in records if record is not None])


@click.command(cls=_Explain, context_settings={"help_option_names": ["-h", "--help"]})
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
    """Explain a CODE that composition, a check or lint reports, or the plan of an operation.

    It tells what the code means and why it matters, with an example that has it and the same example mended.
    Of a plan it tells what was considered, what each step made of it, and what each fetch is for.

    \b
        plait explain INVALID_FIELD_SHARING
        plait explain --supergraph supergraph.graphql --operation query.graphql

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
            _echo_json({"codes": [code_as_json(code) for _, codes in tables() for code in codes]})
        case "markdown":
            click.echo(reference_page(), nl=False)
        case _:
            _echo_lines(code_lines())


def _echo_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps({"schema_version": 1} | content, indent=2, ensure_ascii=False))


def _echo_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)  # which leaves colors out where they would not be seen
