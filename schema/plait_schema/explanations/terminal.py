"""Explanations for a terminal: styled lines, wrapped to its width."""

import textwrap
from collections.abc import Iterator

import click

from plait_schema.diagnostics import Code, Severity
from plait_schema.explanations.reading import Explanation, Passage, tables

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def explanation_lines(explanation: Explanation, *, width: int) -> Iterator[str]:
    """The code, what it means and why it matters, then the example and its mend."""
    code = explanation.code
    yield f"{code.severity} {_colored(code)}"
    yield from _wrapped(code.meaning, width)
    yield ""
    yield from _wrapped(explanation.reason, width)
    yield from _passage("Example", explanation.example, width)
    if explanation.mend is not None:
        yield from _passage("Mend", explanation.mend, width)


def code_lines() -> Iterator[str]:
    """Every code with its meaning, by topic and severity; one line each, so that a search shows both."""
    for title, codes in tables():
        yield _heading(title)
        yield from (f"  {_colored(code)}: {code.meaning}" for code in codes)
        yield ""
    yield "`plait explain CODE` tells more about one of them."


def _passage(heading: str, passage: Passage, width: int) -> Iterator[str]:
    yield ""
    yield _heading(heading)
    if passage.text:
        yield from _wrapped(passage.text, width, indent="  ")
    texts = [(schema.title, schema.sdl) for schema in passage.schemas]
    if passage.configuration:
        texts.append(("supergraph.yaml", passage.configuration))
    texts += ((each.title, each.text) for each in passage.inputs)
    for title, text in texts:
        yield ""
        yield f"  {click.style(title, bold=True)}"
        yield from textwrap.indent(text, "    ").splitlines()


def _wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _heading(text: str) -> str:
    return click.style(text, bold=True, underline=True)


def _colored(code: Code) -> str:
    return click.style(code.name, fg=_COLORS[code.severity], bold=True)
