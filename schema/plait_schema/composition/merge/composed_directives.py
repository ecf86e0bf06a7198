"""@composeDirective: which of the subgraphs' own directives reach the supergraph."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import ConstValueNode, DirectiveDefinitionNode, DirectiveNode

from plait_schema.composition.declared import Declared
from plait_schema.federation import Link, applied, string_argument
from plait_schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class ComposedDirective:
    """A directive that at least one subgraph composes, with the specification that it belongs to."""

    name: str
    links: tuple[Declared[DirectiveNode], ...]  # the @link of each subgraph that composes it
    identity: str
    element: str  # its name in the specification, with its @
    latest: Link
    definition: DirectiveDefinitionNode  # of the latest version, as the last subgraph that links it has it


@dataclass(frozen=True, slots=True)
class ComposedDirectives:
    """What @composeDirective asks for, as far as it can be done; the rules say what cannot."""

    by_subgraph: Mapping[str, frozenset[str]]
    directives: Mapping[str, ComposedDirective]

    def is_composed(self, subgraph: str, directive: str) -> bool:
        """Do the subgraph's applications of the directive reach the supergraph?"""
        return directive in self.by_subgraph.get(subgraph, ())

    def is_repeatable(self, directive: str) -> bool:
        """By its definition; false for directives that are not composed."""
        composed = self.directives.get(directive)
        return composed is not None and composed.definition.repeatable

    def defaults(self, directive: str) -> Mapping[str, ConstValueNode]:
        """The default values of a composed directive's arguments; none for other directives."""
        composed = self.directives.get(directive)
        arguments = (composed.definition.arguments or ()) if composed else ()
        return {each.name.value: each.default_value for each in arguments if each.default_value}


@dataclass(frozen=True, slots=True)
class Request:
    """One @composeDirective, and what it names, as far as it can be found."""

    applied: Declared[DirectiveNode]
    written: str | None  # the argument, as it stands
    definition: DirectiveDefinitionNode | None
    link: Link | None

    @property
    def name(self) -> str:
        """The directive's name without its @."""
        return (self.written or "").removeprefix("@")


def compose_requests(subgraphs: Sequence[Subgraph]) -> Iterator[Request]:
    """Every @composeDirective, in the order of the subgraphs."""
    for subgraph in subgraphs:
        for directive in applied(subgraph.schema_definition, "composeDirective"):
            written = string_argument(directive, "name")
            name = (written or "").removeprefix("@")
            yield Request(
                applied=Declared(subgraph, directive),
                written=written,
                definition=subgraph.directives.get(name),
                link=link_of(subgraph, name),
            )


def link_of(subgraph: Subgraph, directive: str) -> Link | None:
    """The linked specification that the directive belongs to, by its name in the subgraph."""
    for link in subgraph.links:
        if f"@{directive}" in link.imports.values():
            return link
        is_of_namespace = directive == link.namespace or directive.startswith(f"{link.namespace}__")
        if is_of_namespace and element_of(link, directive) not in link.imports:
            return link
    return None


def element_of(link: Link, directive: str) -> str:
    """What the specification calls the directive, with its @."""
    for element, name in link.imports.items():
        if name == f"@{directive}":
            return element
    if directive == link.namespace:
        return f"@{link.url.name}"
    return "@" + directive.removeprefix(f"{link.namespace}__")


def composed_directives(subgraphs: Sequence[Subgraph]) -> ComposedDirectives:
    """The requests that can be met, merged over the subgraphs."""
    by_subgraph: dict[str, set[str]] = {}
    by_name: dict[str, list[Request]] = {}
    for request in compose_requests(subgraphs):
        if request.definition is not None and request.link is not None:
            by_subgraph.setdefault(request.applied.name, set()).add(request.name)
            by_name.setdefault(request.name, []).append(request)
    return ComposedDirectives(
        by_subgraph={subgraph: frozenset(names) for subgraph, names in by_subgraph.items()},
        directives={name: _merge(name, by_name[name], subgraphs) for name in sorted(by_name)},
    )


def _merge(name: str, requests: Sequence[Request], subgraphs: Sequence[Subgraph]) -> ComposedDirective:
    links = [(request.link, request.applied.subgraph) for request in requests if request.link is not None]
    latest = max((link for link, _ in reversed(links)), key=lambda link: link.version)
    definitions = [
        subgraph.directives[name]
        for subgraph in subgraphs
        if name in subgraph.directives
        and (link := link_of(subgraph, name))
        and (link.identity, link.version) == (latest.identity, latest.version)
    ]
    return ComposedDirective(
        name=name,
        links=tuple(Declared(subgraph, link.node) for link, subgraph in links),
        identity=latest.identity,
        element=element_of(latest, name),
        latest=latest,
        definition=definitions[-1],
    )
