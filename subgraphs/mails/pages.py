"""Messages and operations as HTML. What comes from outside is escaped; a mail's own HTML is in a frame."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from subgraphs.mails.links import Link
from subgraphs.notification.senders.files import Written

_HERE: Final = Path(__file__).parent
_A_PAGE: Final = 50
_OWN: Final = r'https?://[^/"]+/mails/to'  # of mails that were written when these were served at another port


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages to list: those with these words in their subjects or addresses, of one channel or all,
    from the first or a later one on."""

    words: str = ""
    channel: str = ""
    offset: int = 0

    def includes(self, message: Written) -> bool:
        """Whether it is one of those."""
        text = f"{message.to} {message.line}".casefold()
        of_channel = self.channel in ("", message.channel)
        return of_channel and all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages. `public_url` is where links of mails lead; here, they lead here. `roles` are those whom one
    can ask as, with their addresses and passwords."""

    public_url: str
    roles: Sequence[tuple[str, str, str]] = ()
    _templates: Environment = field(init=False, repr=False)
    _elsewhere: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        object.__setattr__(self, "_templates", environment)
        elsewhere = f'href="(?:{re.escape(self.public_url.rstrip("/"))}|{_OWN})/'
        object.__setattr__(self, "_elsewhere", re.compile(elsewhere))

    def index(self, messages: Sequence[Written], wanted: Wanted) -> str:
        """A part of those that are wanted, the newest first."""
        found = [one for one in messages if wanted.includes(one)]
        part = found[wanted.offset : wanted.offset + _A_PAGE]
        later = wanted.offset + _A_PAGE
        return self._page(
            "index.html",
            messages=part,
            wanted=wanted,
            total=len(found),
            first=wanted.offset + 1,
            newer=max(0, wanted.offset - _A_PAGE) if wanted.offset else None,
            older=later if later < len(found) else None,
        )

    def message(self, messages: Sequence[Written], id_: str) -> str | None:
        """One message, with the way to those beside it; None when there is none of this id."""
        place = next((place for place, one in enumerate(messages) if one.id == id_), None)
        if place is None:
            return None
        one = messages[place]
        return self._page(
            "message.html",
            one=one,
            written=format_datetime(one.at),
            text=one.body("plain") or "",
            has_html=one.body("html") is not None,
            newer=messages[place - 1].id if place else None,
            older=messages[place + 1].id if place + 1 < len(messages) else None,
        )

    def body(self, messages: Sequence[Written], id_: str) -> str | None:
        """The HTML of a mail for its frame, in which links lead out of that, and here; None as above."""
        for one in messages:
            if one.id == id_ and (html := one.body("html")) is not None:
                here = re.sub(self._elsewhere, 'href="/mails/to/', html)
                return here.replace("<head>", '<head><base target="_top">', 1)
        return None

    def link(self, link: Link, path: str) -> str:
        """What stands behind a link, to be run."""
        variables = json.dumps(dict(link.variables), indent=2)
        return self._page("link.html", link=link, path=path, variables=variables, roles=self.roles)

    def missing(self, what: str) -> str:
        """There is no such thing."""
        return self._page("missing.html", what=what)

    def _page(self, name: str, **values: object) -> str:
        return self._templates.get_template(name).render(values)


ASSETS: Final[Mapping[str, tuple[str, bytes]]] = {
    name: (type_, (_HERE / "assets" / name).read_bytes())
    for name, type_ in (("style.css", "text/css"), ("link.js", "text/javascript"))
}
"""Their types and contents."""
