"""What federation asks of one subgraph on its own: one rule per file, this is the index."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from plait_schema.diagnostics import Diagnostic
from plait_schema.subgraph.model import Subgraph

Rule: TypeAlias = Callable[[Subgraph], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = ()
