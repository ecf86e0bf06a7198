"""A plot over time: one or two lines, with what they stand for beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

_WIDTH: Final = 380
_HEIGHT: Final = 150
_LEFT: Final = 46  # for the labels of the values
_BELOW: Final = 24
_ABOVE: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """Values at the times of the plot; None where nothing is known. `style` is a class of the style sheet."""

    label: str
    style: str
    values: Sequence[float | None]


def plot(title: str, times: Sequence[datetime], lines: Sequence[Line], *, unit: str = "") -> Markup:
    """The lines over the times, which are evenly spaced; from zero to the highest value."""
    known = [value for line in lines for value in line.values if value is not None]
    highest = max(known, default=0.0) or 1.0
    told = f"{title}: " + ", ".join(
        f"{line.label} {_last(line)}{unit} at the end, at most {_most(line)}{unit}" for line in lines
    )
    parts = [
        Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>').format(
            _WIDTH, _HEIGHT, told, told
        )
    ]
    for share in (0.0, 0.5, 1.0):
        y = _y(share)
        label = _short(highest * share)
        parts.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(_LEFT, _WIDTH, y, y)
        )
        parts.append(
            Markup('<text class="value" x="{}" y="{:.1f}">{}</text>').format(_LEFT - 6, y + 4, label)
        )
    for place in (0, len(times) - 1):
        anchor = "start" if place == 0 else "end"
        x = _x(place, len(times))
        text = times[place].strftime("%m-%d %H:%M")
        parts.append(
            Markup('<text class="time {}" x="{:.1f}" y="{}">{}</text>').format(anchor, x, _HEIGHT - 6, text)
        )
    for line in lines:
        for run in _runs(line.values):
            points = " ".join(
                f"{_x(place, len(times)):.1f},{_y(value / highest):.1f}" for place, value in run
            )
            parts.append(Markup('<polyline class="line {}" points="{}"/>').format(line.style, points))
            if len(run) == 1:
                place, value = run[0]
                parts.append(
                    Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="2.5"/>').format(
                        line.style, _x(place, len(times)), _y(value / highest)
                    )
                )
    return Markup("").join([*parts, Markup("</svg>")])


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The stretches without gaps."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _x(place: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - 4) * (place / max(1, count - 1))


def _y(share: float) -> float:
    return _ABOVE + (_HEIGHT - _ABOVE - _BELOW) * (1 - share)


def _short(value: float) -> str:
    """As `1.2k`."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _last(line: Line) -> str:
    value = next((value for value in reversed(line.values) if value is not None), 0.0)
    return _short(value)


def _most(line: Line) -> str:
    return _short(max((value for value in line.values if value is not None), default=0.0))
