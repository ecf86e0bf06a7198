"""An explanation as a picture: a Mermaid flowchart of the fetches, in the order in which they wait."""

from collections.abc import Iterator

from plait_gateway.planner.explaining.explanation import Explanation
from plait_gateway.planner.explaining.reasons import Reason

_SHOWN = 6  # fields of a fetch


def explanation_as_mermaid(explanation: Explanation) -> str:
    """The flowchart's text, which GitHub and many editors draw."""
    lines = ["flowchart LR", "  client([operation])"]
    for reason in explanation.fetches:
        lines.append(f'  f{reason.number}["{_escaped(_label(reason))}"]')
        lines += (f"  {edge}" for edge in _edges(reason))
    for reason in explanation.fetches:
        if reason.in_batch_with and reason.number < min(reason.in_batch_with):
            lines += (f"  {line}" for line in _batch(reason))
    return "\n".join(lines) + "\n"


def _label(reason: Reason) -> str:
    names = [field.coordinate for field in reason.fields]
    shown = names[:_SHOWN] + ([f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else [])
    place = [f"at {reason.path}"] if reason.path else []
    return "\n".join([f"{reason.number}: {reason.subgraph}", *place, *shown])


def _batch(first: Reason) -> Iterator[str]:
    """A frame around the fetches of one request."""
    yield f'subgraph batch{first.number}["{_escaped(f"one request to {first.subgraph}")}"]'
    yield from (f"  f{number}" for number in (first.number, *first.in_batch_with))
    yield "end"


def _edges(reason: Reason) -> Iterator[str]:
    if not reason.after:
        yield f"client --> f{reason.number}"
    sent = ", ".join(" ".join(filter(None, (jump.key, jump.requires))) for jump in reason.jumps)
    label = f'|"{_escaped(sent)}"|' if sent else ""
    for number in reason.after:
        yield f"f{number} -->{label} f{reason.number}"


def _escaped(text: str) -> str:
    """Mermaid writes characters that mean something to it as entities."""
    for character, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("\n", "<br/>")):
        text = text.replace(character, entity)
    return text
