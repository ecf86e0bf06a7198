"""What federation asks of one subgraph on its own: one rule per file, this is the index."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from plait_schema.diagnostics import Diagnostic
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.access_on_interfaces import access_on_interfaces
from plait_schema.subgraph.rules.contexts import contexts
from plait_schema.subgraph.rules.externals import externals
from plait_schema.subgraph.rules.from_context import from_context
from plait_schema.subgraph.rules.interface_fields import interface_fields
from plait_schema.subgraph.rules.interface_keys import interface_keys, interface_objects
from plait_schema.subgraph.rules.keys import keys
from plait_schema.subgraph.rules.list_size import list_size
from plait_schema.subgraph.rules.provides import provides
from plait_schema.subgraph.rules.requires import requires

Rule: TypeAlias = Callable[[Subgraph], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    keys,
    requires,
    provides,
    externals,
    interface_keys,
    interface_objects,
    interface_fields,
    access_on_interfaces,
    contexts,
    from_context,
    list_size,
)
