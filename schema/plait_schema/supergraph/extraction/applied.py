"""The directives on an element of a subgraph, from those on the same element of the supergraph."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    BooleanValueNode,
    ConstArgumentNode,
    ConstDirectiveNode,
    ConstValueNode,
    NameNode,
    Node,
    ObjectValueNode,
    StringValueNode,
)

from plait_schema.federation import argument, string_argument
from plait_schema.supergraph.applications import CLIENT_DIRECTIVES
from plait_schema.supergraph.document import SupergraphDocument, arguments_of, directives_of
from plait_schema.supergraph.extraction.definitions import Definitions
from plait_schema.supergraph.extraction.names import Names

_FEDERATION = "federation__"  # before the names of federation's directives in @join__directive


@dataclass(frozen=True)
class Applied:
    """Makes the directives of one subgraph; `graph` is its value of join__Graph."""

    document: SupergraphDocument
    definitions: Definitions
    names: Names
    subgraph: str
    graph: str
    available: frozenset[str]  # the directives for operations, and composed ones, that it can define

    def federation(self, element: str, **arguments: str | bool | None) -> ConstDirectiveNode:
        """An application of a directive of federation, without the arguments that are None."""
        return apply(self.names.local[element], arguments)

    def merged(self, node: Node, *, without: frozenset[str] = frozenset()) -> Iterator[ConstDirectiveNode]:
        """The supergraph's applications that come from subgraphs, but for these elements of federation."""
        for each in directives_of(node):
            name = each.name.value
            element = self.names.merged_element(name)
            if element == "context":
                yield from self._context(each)
            elif element is not None:
                if element not in without:
                    yield each
            elif name in CLIENT_DIRECTIVES or name in self.available:
                yield each
        yield from self._said(node)

    def _context(self, each: ConstDirectiveNode) -> Iterator[ConstDirectiveNode]:
        """Contexts belong to one subgraph, whose name is before theirs."""
        owner, _, name = (string_argument(each, "name") or "").rpartition("__")
        if owner == self.subgraph:
            yield self.federation("context", name=name)

    def _said(self, node: Node) -> Iterator[ConstDirectiveNode]:
        """What @join__directive says to be in this subgraph as it stands."""
        for each in self.document.applied(node, "directive"):
            arguments = arguments_of(each)
            graphs, name = arguments.get("graphs"), arguments.get("name")
            if not isinstance(graphs, list) or self.graph not in graphs or not isinstance(name, str):
                continue
            element = name.removeprefix(_FEDERATION)
            local = self.names.local.get(element, name) if name.startswith(_FEDERATION) else name
            given = argument(each, "args")
            fields = given.fields if isinstance(given, ObjectValueNode) else None
            values = {field.name.value: cast(ConstValueNode, field.value) for field in fields or ()}
            yield apply(local, values)  # nothing in a schema is a variable


def apply(name: str, arguments: Mapping[str, str | bool | ConstValueNode | None]) -> ConstDirectiveNode:
    """An application of a directive, without the arguments that are None."""
    return ConstDirectiveNode(
        name=NameNode(value=name),
        arguments=tuple(
            ConstArgumentNode(name=NameNode(value=key), value=_value(value))
            for key, value in arguments.items()
            if value is not None
        ),
    )


def _value(value: str | bool | ConstValueNode) -> ConstValueNode:
    match value:
        case bool():
            return BooleanValueNode(value=value)
        case str():
            return StringValueNode(value=value)
        case _:
            return value
