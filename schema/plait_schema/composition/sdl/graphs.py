"""The values of join__Graph: subgraph names as GraphQL enum values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping


def graph_names(subgraphs: Iterable[str]) -> Mapping[str, str]:
    """Subgraph name -> enum value, by https://specs.apollo.dev/join/v0.3/#join__Graph.

    Characters that a name cannot have become underscores, a leading digit gets one before it, and letters
    become upper case. What would begin with two underscores, numbered or not, begins with GRAPH. Names that
    this makes equal are numbered; so that no other name can look like a numbered one, an underscore follows
    names that end in one and digits.
    """
    ordered = sorted(subgraphs)
    plain = {name: _plain(name) for name in ordered}
    counted = Counter(plain.values())
    numbers: Counter[str] = Counter()
    names: dict[str, str] = {}
    for name in ordered:
        value = plain[name]
        if counted[value] > 1:
            numbers[value] += 1
            value = f"{value}_{numbers[value]}"
        names[name] = value
    return names


def _plain(name: str) -> str:
    value = re.sub(r"[^A-Za-z0-9_]", "_", name).upper()
    if value[:1].isdigit():
        value = f"_{value}"
    if re.match(r"__|_$", value):
        value = f"GRAPH{value}"
    if re.search(r"_[0-9]+$", value):
        value = f"{value}_"
    return value
