"""An event as what is sent: JSON for programs, text for chats."""

import json
from collections.abc import Mapping
from typing import Any, Final

from plait_schema.registry.webhooks.events import Topic
from plait_schema.registry.webhooks.webhook import Form, WebhookDelivery

_MOST_LINES: Final = 5  # of findings, in a chat
_LONGEST: Final = 300  # characters of what somebody wrote


def body_of(delivery: WebhookDelivery, form: Form) -> bytes:
    """The same for each attempt, so that a signature covers what was signed before."""
    match form:
        case Form.JSON:
            body: dict[str, Any] = {
                "type": str(delivery.topic),
                "timestamp": delivery.at.isoformat(),
                "data": dict(delivery.data),
            }
        case Form.SLACK:
            body = {"text": text_of(delivery.topic, delivery.data)}
    return json.dumps(body, ensure_ascii=False).encode()


def text_of(topic: Topic, data: Mapping[str, Any]) -> str:
    """A sentence in the markup of Slack, and a line for each of the first findings."""
    if topic is Topic.TEST:
        return f"The plait registry says hello, for {_plain(data['by'])}."
    where = f"*{_plain(data['graph'])}@{_plain(data['variant'])}*"
    match topic:
        case Topic.PUBLISHED:
            told = f"{where} serves version {data['version']}"
        case Topic.ROLLED_BACK:
            told = f"{where} was rolled back, and serves it as version {data['version']}"
        case Topic.NOT_COMPOSED:
            told = f"{where} does not compose with version {data['version']}, and serves what it did"
        case Topic.CHECK_PASSED | Topic.CHECK_FAILED:
            told = f"{where}: check {data['check']} of {_plain(data['subgraph'])} {data['outcome']}"
    lines = [f"{told}. {_who(data)}", *map(_line, data["findings"][:_MOST_LINES])]
    if (more := len(data["findings"]) - _MOST_LINES) > 0:
        lines.append(f"and {more} more, at least")
    return "\n".join(lines)


def _who(data: Mapping[str, Any]) -> str:
    said = [f"By {_plain(data['author'] or data['by'])}"]
    if data["commit"]:
        said.append(f"commit {_plain(data['commit'][:10])}")
    told = ", ".join(said)
    return f"{told}: {_plain(data['message'])}" if data["message"] else f"{told}."


def _line(finding: Mapping[str, Any]) -> str:
    return f"• {finding['code']}: {_plain(finding['message'])}"


def _plain(text: str) -> str:
    """Text that a chat takes for no markup, link or mention (Slack's escapes)."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return " ".join(short.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
