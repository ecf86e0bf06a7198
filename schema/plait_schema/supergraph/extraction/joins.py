"""What the join directives on one definition say of each subgraph, as written.

https://specs.apollo.dev/join/v0.3
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DirectiveDefinitionNode, DirectiveNode, GraphQLError, Node, TypeNode, parse_type

from plait_schema.diagnostics import INVALID_FEDERATION_SUPERGRAPH
from plait_schema.supergraph.document import SupergraphDocument, arguments_of
from plait_schema.supergraph.errors import error_at
from plait_schema.supergraph.model import SubgraphEndpoint
from plait_schema.supergraph.types import graph_of, read_endpoints


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an entity; its field set is kept as written."""

    fields: str
    resolvable: bool


@dataclass(frozen=True, slots=True)
class FromContext:
    """An argument that the subgraph takes from a context; clients do not see it."""

    name: str
    type: TypeNode
    context: str  # without the subgraph's name
    selection: str


@dataclass(frozen=True, slots=True)
class HeldField:
    """A field of an object, interface or input object in one subgraph."""

    type: TypeNode | None = None  # None: as in the supergraph
    requires: str | None = None
    provides: str | None = None
    is_external: bool = False
    override: str | None = None
    label: str | None = None
    is_overridden: bool = False  # for good: another subgraph resolves it
    context_arguments: tuple[FromContext, ...] = ()

    @property
    def is_leaving(self) -> bool:
        """Another subgraph resolves it where the label is active."""
        return self.label is not None and self.override is None


@dataclass(frozen=True, slots=True)
class Held:
    """What one subgraph has of a type. Fields, members and values are in the supergraph's order."""

    keys: tuple[Key, ...] = ()
    is_interface_object: bool = False
    is_extension: bool = False
    fields: Mapping[str, HeldField] = field(default_factory=dict)
    interfaces: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Is there nothing in it that the definition of a type other than a scalar needs?"""
        return not (self.fields or self.members or self.values)


@dataclass(frozen=True, slots=True)
class Joins:
    """Reads join directives; `endpoints` are the subgraphs by their value of join__Graph."""

    document: SupergraphDocument
    endpoints: Mapping[str, SubgraphEndpoint]
    defined: frozenset[str]  # the directives that the document defines

    @classmethod
    def of(cls, document: SupergraphDocument) -> "Joins":
        """Those of a supergraph. Raises SupergraphError when it does not say which subgraphs there are."""
        nodes = (node for node in document.definitions if isinstance(node, DirectiveDefinitionNode))
        return cls(document, read_endpoints(document), frozenset(node.name.value for node in nodes))

    def says(self, element: str) -> bool:
        """Does this version of the specification have the directive?"""
        return self.document.join.directive_name(element) in self.defined

    def types(self, node: Node) -> dict[str, Held]:
        """By subgraph: the keys and nature of the type there; empty when nothing is said."""
        found: dict[str, Held] = {}
        for arguments, subgraph in self._applied(node, "type"):
            known = found.get(subgraph, Held())
            key = arguments.get("key")
            keys = (Key(str(key), arguments.get("resolvable") is not False),) if key is not None else ()
            found[subgraph] = Held(
                (*known.keys, *keys),
                known.is_interface_object or arguments.get("isInterfaceObject") is True,
                known.is_extension or arguments.get("extension") is True,
            )
        if owner := self.owner(node):
            found.setdefault(owner, Held())
        return {subgraph: found[subgraph] for subgraph in sorted(found)}

    def owner(self, node: Node) -> str | None:
        """The subgraph which has every field that says nothing else: join v0.1 only."""
        return next((subgraph for _, subgraph in self._applied(node, "owner")), None)

    def fields(self, node: Node) -> dict[str, HeldField] | None:
        """By subgraph: the field there. None when nothing is said."""
        said = tuple(self.document.applied(node, "field"))
        if not said:
            return None
        found: dict[str, HeldField] = {}
        for applied in said:
            arguments = arguments_of(applied)
            if arguments.get("graph") is not None:
                found[graph_of(applied, arguments, self.endpoints)] = _field(applied, arguments)
        return found

    def named(self, node: Node, directive: str, argument: str) -> dict[str, tuple[str, ...]]:
        """By subgraph: the interfaces or members that it says the type has there, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for arguments, subgraph in self._applied(node, directive):
            found[subgraph] = (*found.get(subgraph, ()), str(arguments.get(argument)))
        return found

    def values(self, node: Node) -> set[str]:
        """The subgraphs that have the enum value."""
        return {subgraph for _, subgraph in self._applied(node, "enumValue")}

    def _applied(self, node: Node, element: str) -> list[tuple[dict[str, Any], str]]:
        return [
            (arguments := arguments_of(applied), graph_of(applied, arguments, self.endpoints))
            for applied in self.document.applied(node, element)
        ]


def _field(applied: DirectiveNode, arguments: Mapping[str, Any]) -> HeldField:
    label = _text(arguments, "overrideLabel")
    contextual = arguments.get("contextArguments")
    type_ = _text(arguments, "type")
    return HeldField(
        type=_parsed_type(type_, applied) if type_ else None,
        requires=_text(arguments, "requires"),
        provides=_text(arguments, "provides"),
        is_external=arguments.get("external") is True,
        override=_text(arguments, "override"),
        label=label,
        is_overridden=arguments.get("usedOverridden") is True and label is None,
        context_arguments=tuple(
            _from_context(applied, entry)
            for entry in (contextual if isinstance(contextual, list) else ())
            if isinstance(entry, dict)
        ),
    )


def _from_context(applied: Node, entry: Mapping[str, Any]) -> FromContext:
    return FromContext(
        name=str(entry.get("name")),
        type=_parsed_type(str(entry.get("type")), applied),
        context=str(entry.get("context")).rpartition("__")[2],
        selection=str(entry.get("selection")).strip(),
    )


def _text(arguments: Mapping[str, Any], name: str) -> str | None:
    value = arguments.get(name)
    return value if isinstance(value, str) and value else None


def _parsed_type(text: str, applied: Node) -> TypeNode:
    try:
        return parse_type(text, no_location=True)
    except GraphQLError as error:
        raise error_at(INVALID_FEDERATION_SUPERGRAPH, f'"{text}" is not a type.', applied) from error
