"""What was asked of subgraphs since the start, by their names."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """`shared` ones are not among `requests`: they joined one that is."""

    requests: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    timeouts: Counter[str] = field(default_factory=Counter)
