"""The subgraphs on a circle, joined where they share entities: the more, the thicker."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graphql import SelectionSetNode, print_ast
from markupsafe import Markup, escape

from plait_schema.supergraph import Supergraph

_MIDDLE: Final = 280.0
_RADIUS: Final = 190
_NODE: Final = 9
_AROUND: Final = "-90 60 740 440"  # the circle with upright names left and right of it
_AROUND_CROWDED: Final = "-70 -70 700 700"
_MOST_UPRIGHT: Final = 14  # subgraphs; the names of more would lie upon each other
_MOST_LABELS: Final = 12  # of lines; more would hide each other
_LONGEST_LABEL: Final = 20  # characters


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: the keys by which each subgraph knows it, by subgraph."""

    name: str
    keys: Mapping[str, tuple[str, ...]]


def entities_of(supergraph: Supergraph) -> tuple[Entity, ...]:
    """The types with keys, those in most subgraphs first."""
    found = (
        Entity(
            name,
            {
                subgraph: tuple(field_set_text(key.fields) for key in one.keys)
                for subgraph, one in sorted(subgraphs.items())
                if one.keys
            },
        )
        for name, subgraphs in supergraph.types.items()
    )
    return tuple(sorted((one for one in found if one.keys), key=lambda one: (-len(one.keys), one.name)))


def entity_graph(subgraphs: Iterable[str], entities: Iterable[Entity]) -> Markup:
    """The picture; what joins two subgraphs is told when one points at the line."""
    names = sorted(subgraphs)
    shared: dict[tuple[str, str], list[str]] = {}
    owned = Counter[str]()
    for entity in entities:
        owned.update(entity.keys.keys())
        for pair in combinations(sorted(entity.keys), 2):
            shared.setdefault(pair, []).append(entity.name)
    told = f"{len(names)} subgraphs; {len(shared)} pairs of them share entities"
    angles = {name: 2 * math.pi * number / max(1, len(names)) for number, name in enumerate(names)}
    is_crowded = len(names) > _MOST_UPRIGHT
    head = Markup('<svg class="entities" viewBox="{}" role="img" aria-label="{}"><title>{}</title>').format(
        _AROUND_CROWDED if is_crowded else _AROUND, told, told
    )
    lines = [
        _line(pair, types, angles, is_labelled=len(shared) <= _MOST_LABELS)
        for pair, types in sorted(shared.items())
    ]
    node = _crowded_node if is_crowded else _node
    nodes = [node(name, angles[name], _counted(owned[name])) for name in names]
    return Markup("").join([head, *lines, *nodes, Markup("</svg>")])


def _line(
    pair: tuple[str, str], types: Sequence[str], angles: Mapping[str, float], *, is_labelled: bool
) -> Markup:
    """From one subgraph to another, bent towards the middle."""
    (x1, y1), (x2, y2) = (_place(angles[name]) for name in pair)
    bend_x, bend_y = (x1 + x2) / 4 + _MIDDLE / 2, (y1 + y2) / 4 + _MIDDLE / 2
    line = Markup(
        '<path class="shared" stroke-width="{:.1f}" d="M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}">'
        "<title>{} and {} share {}</title></path>"
    ).format(min(1 + len(types), 12), x1, y1, bend_x, bend_y, x2, y2, *pair, ", ".join(types))
    if not is_labelled:
        return line
    return line + Markup('<text class="entity" x="{:.1f}" y="{:.1f}">{}</text>').format(
        (x1 + x2) / 4 + bend_x / 2,
        (y1 + y2) / 4 + bend_y / 2 - 6,
        types[0] if len(types) == 1 else f"{len(types)} entities",
    )


def _node(name: str, angle: float, owned: str) -> Markup:
    """A subgraph with its name beside it."""
    x, y = _place(angle)
    side = "start" if x >= _MIDDLE else "end"
    label_x = x + (_NODE + 6) * (1 if side == "start" else -1)
    return Markup(
        '<circle class="subgraph" cx="{:.1f}" cy="{:.1f}" r="{}"/>'
        '<text class="name {}" x="{:.1f}" y="{:.1f}">{}</text>'
        '<text class="count {}" x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(x, y, _NODE, side, label_x, y + 4, _label(name), side, label_x, y + 18, owned)


def _crowded_node(name: str, angle: float, owned: str) -> Markup:
    """The same among many: the name points away from the middle, and the rest is told to who points at it."""
    x, y = _place(angle)
    is_right = x >= _MIDDLE - 0.1
    degrees = math.degrees(angle) - 90 + (0 if is_right else 180)
    return Markup(
        '<g transform="translate({:.1f} {:.1f}) rotate({:.1f})"><title>{}: {}</title>'
        '<circle class="subgraph" r="{}"/><text class="name {}" x="{}" y="4">{}</text></g>'
    ).format(
        x, y, degrees, name, owned, _NODE / 2, *(("start", 9) if is_right else ("end", -9)), _label(name)
    )


def _label(name: str) -> Markup:
    """The name as far as there is room; all of it is told to who points at it."""
    if len(name) <= _LONGEST_LABEL:
        return escape(name)
    return Markup("{}…<title>{}</title>").format(name[: _LONGEST_LABEL - 1], name)


def _counted(owned: int) -> str:
    """As `1 entity`."""
    return f"{owned} {'entity' if owned == 1 else 'entities'}"


def _place(angle: float) -> tuple[float, float]:
    """On the circle, clockwise from the top."""
    return _MIDDLE + _RADIUS * math.sin(angle), _MIDDLE - _RADIUS * math.cos(angle)


def field_set_text(field_set: SelectionSetNode) -> str:
    """As people write it, in one line without the outer braces."""
    return " ".join(print_ast(field_set).split())[2:-2]
