"""The supergraph's text as a document whose links are read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeSystemDefinitionNode,
    build_ast_schema,
    value_from_ast_untyped,
)

from plait_schema.diagnostics import (
    INVALID_FEDERATION_SUPERGRAPH,
    INVALID_GRAPHQL,
    UNSUPPORTED_FEATURE,
    Location,
)
from plait_schema.federation.link import Link, parse_feature_url
from plait_schema.federation.parsing import parse_document
from plait_schema.federation.schema_rules import schema_errors
from plait_schema.federation.specifications import APOLLO
from plait_schema.supergraph.errors import SupergraphError, error_at
from plait_schema.supergraph.machinery import is_machinery

JOIN = f"{APOLLO}/join"
SUPPORTED_JOIN = ((0, 1), (0, 5))

_WITHOUT_EFFECT_HERE = frozenset(
    {"link", "core", "join", "tag", "inaccessible", "context", "cost", "cacheTag"}
)
_AUTHORIZATION = frozenset({"authenticated", "requiresScopes", "policy"})


@dataclass(frozen=True)
class SupergraphDocument:
    """Definitions, and the specifications they build on: federation's by name, others by identity."""

    definitions: tuple[DefinitionNode, ...]
    links: Mapping[str, Link]
    join: Link

    @property
    def types(self) -> Iterator[TypeDefinitionNode]:
        return (node for node in self.definitions if isinstance(node, TypeDefinitionNode))

    @cached_property
    def own(self) -> tuple[DefinitionNode, ...]:
        """Without the definitions of the specifications; their applications are there."""
        links = tuple(self.links.values())
        return tuple(node for node in self.definitions if not is_machinery(node, links))

    @cached_property
    def schema(self) -> GraphQLSchema:
        """The schema that its own definitions make, valid or not; raises what graphql-core raises."""
        return build_ast_schema(DocumentNode(definitions=self.own), assume_valid_sdl=True)

    def applied(
        self, node: Node, element: str, *, specification: str = "join"
    ) -> Iterator[ConstDirectiveNode]:
        """The applications on a node of a specification's directive, whatever it is called here."""
        if (link := self.links.get(specification)) is None:
            return
        name = link.directive_name(element)
        yield from (applied for applied in directives_of(node) if applied.name.value == name)


def directives_of(node: Node) -> tuple[ConstDirectiveNode, ...]:
    """The directives applied on a node; none on a node that can have none."""
    return tuple(getattr(node, "directives", None) or ())


def arguments_of(directive: DirectiveNode) -> dict[str, Any]:
    """Argument values as plain data; an enum value is its name."""
    return {
        argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
    }


def read_document(sdl: str) -> SupergraphDocument:
    """Parse the SDL and read its links; raises SupergraphError."""
    return document_of(_parse(sdl))


def _parse(sdl: str) -> tuple[DefinitionNode, ...]:
    try:
        return tuple(parse_document(sdl, name="supergraph").definitions)
    except GraphQLError as error:
        raise _from_graphql(error) from error


def parse_definitions(
    texts: Iterable[str], *, known: Mapping[str, DefinitionNode]
) -> Mapping[str, DefinitionNode]:
    """One definition each, by their text and in its order; what is known is not parsed again."""
    texts = tuple(texts)
    new = [text for text in texts if text not in known]
    parsed = {**known, **dict(zip(new, _parse("\n\n".join(new)), strict=True))} if new else known
    return {text: parsed[text] for text in texts}


def document_of(definitions: tuple[DefinitionNode, ...]) -> SupergraphDocument:
    """The document that consists of these definitions; raises SupergraphError."""
    links = {_key(link): link for link in _links(definitions)}
    join = links.get("join")
    if join is None or join.identity != JOIN:
        raise SupergraphError(
            INVALID_FEDERATION_SUPERGRAPH,
            "This is not a supergraph: its schema does not link https://specs.apollo.dev/join. "
            "Compose the subgraphs first.",
        )
    lowest, highest = SUPPORTED_JOIN
    if not lowest <= join.version <= highest:
        raise error_at(UNSUPPORTED_FEATURE, f"{join.url} is not supported, only v0.1 to v0.5.", join.node)
    return SupergraphDocument(definitions, links, join)


def valid_schema(document: SupergraphDocument) -> GraphQLSchema:
    """The schema of the document; raises SupergraphError."""
    try:
        schema = document.schema
        errors = schema_errors(schema)
    except (GraphQLError, TypeError) as error:  # graphql-core raises TypeError for unknown types and names
        raise SupergraphError(INVALID_GRAPHQL, f"The supergraph is not valid GraphQL: {error}") from error
    if errors:
        raise _from_graphql(errors[0])
    return schema


def _links(definitions: tuple[DefinitionNode, ...]) -> Iterator[Link]:
    for node in definitions:
        if not isinstance(node, TypeSystemDefinitionNode | SchemaExtensionNode):
            raise error_at(INVALID_FEDERATION_SUPERGRAPH, "A supergraph holds type definitions only.", node)
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            yield from (link for applied in directives_of(node) if (link := _link(applied)))


def _key(link: Link) -> str:
    """Another organization's specification may be called as one of federation's."""
    return link.url.name if link.identity == f"{APOLLO}/{link.url.name}" else link.identity


def _link(applied: DirectiveNode) -> Link | None:
    arguments = arguments_of(applied)
    text = arguments.get("url") or arguments.get("feature")  # @core, before @link, says `feature`
    if not isinstance(text, str):
        return None
    url = parse_feature_url(text)
    if isinstance(url, str):
        raise error_at(INVALID_FEDERATION_SUPERGRAPH, f'Cannot link "{text}": {url}.', applied)
    purpose = arguments.get("for")
    if purpose and not _is_known(url.identity, url.name):
        raise error_at(
            UNSUPPORTED_FEATURE, f"The supergraph needs {url} for {purpose}, which is not supported.", applied
        )
    imports = dict(_imported(entry) for entry in arguments.get("import") or ())
    return Link(url.identity, url.version, arguments.get("as") or url.name, imports, purpose, applied)


def _is_known(identity: str, name: str) -> bool:
    known = _WITHOUT_EFFECT_HERE | _AUTHORIZATION
    return identity == f"https://specs.apollo.dev/{name}" and name in known


def _imported(entry: Any) -> tuple[str, str]:
    if isinstance(entry, dict):
        return str(entry.get("name")), str(entry.get("as") or entry.get("name"))
    return str(entry), str(entry)


def _from_graphql(error: GraphQLError) -> SupergraphError:
    places = [Location("", None, place.line, place.column) for place in error.locations or ()]
    return SupergraphError(INVALID_GRAPHQL, f"The supergraph is not valid GraphQL: {error.message}", places)
