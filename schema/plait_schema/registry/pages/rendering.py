"""Pages from templates, and how they write times and numbers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from graphql import GraphQLError, parse, print_ast
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plait_schema.registry.pages.highlighting import highlighted

STATIC: Final = Path(__file__).parent / "static"

#: Nothing from elsewhere, and no script or style in the page itself.
_POLICY: Final = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}

_SEVERITIES: Final = ("error", "warning", "hint")

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page; `shown` is what its template names."""
    return HTMLResponse(_environment.get_template(template).render(**shown), status, _HEADERS)


def moment(at: datetime) -> str:
    """As `2026-11-29 06:30` in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def ago(at: datetime | None, now: datetime) -> str:
    """As `3 hours ago`."""
    if at is None:
        return "never"
    seconds = max(0, int((now - at).total_seconds()))
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def number(value: int) -> str:
    """As `12,345`."""
    return f"{value:,}"


def duration(seconds: float | None) -> str:
    """In milliseconds, or in seconds where these are many."""
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def percent(share: float) -> str:
    """As `1.5 %`."""
    return "0 %" if not share else f"{share * 100:.3g} %"


def in_words(value: Any) -> str:
    """A value of JSON for people: lists and mappings without their punctuation."""
    match value:
        case dict():
            return ", ".join(f"{key} {in_words(one)}" for key, one in value.items())
        case list():
            return ", ".join(in_words(one) for one in value)
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def worst_first(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Errors, then warnings, then hints; each in their order."""
    return sorted(findings, key=lambda one: _SEVERITIES.index(one["severity"]))


def laid_out(document: str) -> str:
    """GraphQL in lines; as it is where it is none."""
    try:
        return print_ast(parse(document))
    except GraphQLError:
        return document


_environment.filters |= {
    "in_words": in_words,
    "laid_out": laid_out,
    "moment": moment,
    "worst_first": worst_first,
    "number": number,
    "duration": duration,
    "percent": percent,
    "graphql": highlighted,
}
_environment.globals["ago"] = ago
