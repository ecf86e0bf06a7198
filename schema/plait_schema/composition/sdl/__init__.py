"""The supergraph SDL: the merged schema, written in the link and join specifications.

https://specs.apollo.dev/link/v1.0, https://specs.apollo.dev/join/v0.3
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql.language.print_string import print_string

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedObject
from plait_schema.composition.sdl.definitions import print_directive, print_type
from plait_schema.composition.sdl.graphs import graph_names
from plait_schema.composition.sdl.layout import Layout
from plait_schema.composition.sdl.links import Links, links_of

ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


@dataclass(frozen=True, slots=True)
class PrintedSupergraph:
    """The supergraph SDL, definition by definition, and what it was printed from."""

    merged: MergedSchema
    graphs: Mapping[str, str]  # subgraph -> its value of join__Graph
    layout: Layout
    types: Mapping[str, str]  # those of the merged schema
    definitions: tuple[str, ...]

    @property
    def sdl(self) -> str:
        """The whole document. The same subgraphs give the same text, whatever their order."""
        return "\n\n".join(self.definitions) + "\n"


def print_supergraph(merged: MergedSchema, *, before: PrintedSupergraph | None = None) -> PrintedSupergraph:
    """The merged schema as SDL. Types that are the same objects as before are not printed again."""
    links = links_of(merged)
    graphs = graph_names(subgraph.name for subgraph in merged.subgraphs)
    layout = Layout(links.names)
    directives = dict(links.directives)
    for directive in merged.directives:
        if directive.is_kept:
            directives[directive.name] = print_directive(directive, layout)
    printed = _print_types(merged, graphs, layout, before)
    types = {**links.types, "join__Graph": _graphs(merged, graphs), **printed}
    definitions = (
        _schema(merged, links, layout),
        *(directives[name] for name in sorted(directives)),
        *(types[name] for name in sorted(types)),
    )
    return PrintedSupergraph(merged, graphs, layout, printed, definitions)


def _print_types(
    merged: MergedSchema, graphs: Mapping[str, str], layout: Layout, before: PrintedSupergraph | None
) -> Mapping[str, str]:
    if before is None or (before.graphs, before.layout) != (graphs, layout):
        return {name: print_type(type_, graphs, layout) for name, type_ in merged.types.items()}
    return {
        name: before.types[name]
        if type_ is before.merged.types.get(name)
        else print_type(type_, graphs, layout)
        for name, type_ in merged.types.items()
    }


def _schema(merged: MergedSchema, links: Links, layout: Layout) -> str:
    applied = [*links.links, *(layout.directive(directive) for directive in merged.applied)]
    lines = [*layout.description(merged.description), "schema", *(f"  {each}" for each in applied), "{"]
    lines += [
        f"  {operation}: {name}"
        for operation, name in ROOTS.items()
        if name == "Query" or isinstance(merged.types.get(name), MergedObject)
    ]
    return "\n".join([*lines, "}"])


def _graphs(merged: MergedSchema, graphs: Mapping[str, str]) -> str:
    return "\n".join(["enum join__Graph {", *_graph_values(merged, graphs), "}"])


def _graph_values(merged: MergedSchema, graphs: Mapping[str, str]) -> Iterator[str]:
    for subgraph in merged.subgraphs:
        name, url = print_string(subgraph.name), print_string(subgraph.url)
        yield f"  {graphs[subgraph.name]} @join__graph(name: {name}, url: {url})"
