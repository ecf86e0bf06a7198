"""From a template and what it needs to know to what somebody reads.

A template is a folder of `templates`: `subject.txt`, `text.txt` and `body.html`. In the HTML, what comes from
outside is escaped; a subject is one line, whatever is put into it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from subgraphs.contracts.notification import VALUES, Template
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.notification.domain.errors import TEMPLATE_VALUE_MISSING
from subgraphs.notification.domain.kinds import KINDS
from subgraphs.notification.domain.notification import Body, Content

NAMED: Final[Mapping[str, str]] = {
    "course_id": "course_title",
    "class_id": "class_title",
    "assignment_id": "assignment_title",
}
"""Under which names templates know the titles of what their values are the ids of."""

_BECOMES_A_LINK: Final = re.compile(r"[/:@]|\.\S")
"""Of what mail programs make links. Who gives somebody else's address when they register must not have the
academy write to that what they call themselves: `Win at evil.example`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it; nothing is known of somebody without an account."""

    first_name: str | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders every template. `public_url` is where links lead: the academy's pages."""

    public_url: str
    _templates: Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["link"] = self._link
        environment.filters["local_time"] = _local_time
        object.__setattr__(self, "_templates", environment)

    def render(
        self, template: Template, values: Mapping[str, str], reader: Reader
    ) -> Result[Content, DomainError]:
        """What the reader is told. TEMPLATE_VALUE_MISSING; more values than needed do no harm."""
        if missing := sorted(VALUES[template] - values.keys()):
            message = f"{template} needs {', '.join(missing)}"
            return Failure(DomainError(TEMPLATE_VALUE_MISSING.code, message))
        known = dict(values)
        if reader.first_name and not _BECOMES_A_LINK.search(reader.first_name):
            known["first_name"] = reader.first_name
        circumstances = {
            "time_zone": reader.time_zone,
            "preferences": not KINDS[template].category.is_mandatory,
        }
        folder = template.lower()
        subject = " ".join(self._file(f"{folder}/subject.txt", {**known, **circumstances}).split())
        context = {**known, **circumstances, "subject": subject}
        text, html = (self._file(f"{folder}/{name}", context) for name in ("text.txt", "body.html"))
        return Success(Content(subject, Body(text, html)))

    def _file(self, name: str, context: Mapping[str, object]) -> str:
        return self._templates.get_template(name).render(context).strip() + "\n"

    def _link(self, *path: str, **query: str) -> str:
        place = "/".join([self.public_url.rstrip("/"), *(quote(part, safe="") for part in path)])
        return f"{place}?{urlencode(query)}" if query else place


@pass_context
def _local_time(context: Context, instant: str) -> str:
    """An ISO 8601 instant, as clocks show it where the reader lives."""
    try:
        zone = ZoneInfo(context["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return f"{datetime.fromisoformat(instant).astimezone(zone):%-d %B %Y, %H:%M} ({zone.key})"
