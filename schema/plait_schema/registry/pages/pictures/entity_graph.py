"""The subgraphs on a circle, joined where they share entities: the more, the thicker."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graphql import SelectionSetNode, print_ast
from markupsafe import Markup

from plait_schema.supergraph import Supergraph

_SIZE: Final = 560
_MIDDLE: Final = _SIZE / 2
_RADIUS: Final = 190
_NODE: Final = 9
_MOST_LABELS: Final = 12  # of lines; more would hide each other


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
    parts = [
        Markup(
            '<svg class="entities" viewBox="-90 60 {} {}" role="img" aria-label="{}"><title>{}</title>'
        ).format(_SIZE + 180, _SIZE - 120, told, told)
    ]
    places = {name: _place(number, len(names)) for number, name in enumerate(names)}
    for (one, other), types in sorted(shared.items()):
        (x1, y1), (x2, y2) = places[one], places[other]
        bend_x, bend_y = (x1 + x2) / 4 + _MIDDLE / 2, (y1 + y2) / 4 + _MIDDLE / 2
        parts.append(
            Markup(
                '<path class="shared" stroke-width="{:.1f}" d="M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}">'
                "<title>{} and {} share {}</title></path>"
            ).format(
                min(1 + len(types), 12),
                *(x1, y1),
                *(bend_x, bend_y),
                *(x2, y2),
                *(one, other, ", ".join(types)),
            )
        )
        if len(shared) <= _MOST_LABELS:
            label = types[0] if len(types) == 1 else f"{len(types)} entities"
            parts.append(
                Markup('<text class="entity" x="{:.1f}" y="{:.1f}">{}</text>').format(
                    (x1 + x2) / 4 + bend_x / 2, (y1 + y2) / 4 + bend_y / 2 - 6, label
                )
            )
    for name, (x, y) in places.items():
        side = "start" if x >= _MIDDLE else "end"
        label_x = x + (_NODE + 6) * (1 if side == "start" else -1)
        parts.append(
            Markup('<circle class="subgraph" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(x, y, _NODE)
            + Markup('<text class="name {}" x="{:.1f}" y="{:.1f}">{}</text>').format(
                side, label_x, y + 4, name
            )
            + Markup('<text class="count {}" x="{:.1f}" y="{:.1f}">{}</text>').format(
                side, label_x, y + 18, f"{owned[name]} {'entity' if owned[name] == 1 else 'entities'}"
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(1, count) - math.pi / 2
    return _MIDDLE + _RADIUS * math.cos(angle), _MIDDLE + _RADIUS * math.sin(angle)


def field_set_text(field_set: SelectionSetNode) -> str:
    """As people write it, in one line without the outer braces."""
    return " ".join(print_ast(field_set).split())[2:-2]
