"""The supergraph SDL: the merged schema, written in the link and join specifications.

https://specs.apollo.dev/link/v1.0, https://specs.apollo.dev/join/v0.3
"""

from collections.abc import Iterator, Mapping

from graphql.language.print_string import print_string

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedObject
from plait_schema.composition.sdl.definitions import print_directive, print_type
from plait_schema.composition.sdl.graphs import graph_names
from plait_schema.composition.sdl.layout import Layout
from plait_schema.composition.sdl.links import Links, links_of

ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


def print_supergraph(merged: MergedSchema) -> str:
    """The whole document. The same subgraphs give the same text, whatever their order."""
    links = links_of(merged)
    graphs = graph_names(subgraph.name for subgraph in merged.subgraphs)
    layout = Layout(links.names)
    directives = dict(links.directives)
    types = {**links.types, "join__Graph": _graphs(merged, graphs)}
    for directive in merged.directives:
        if directive.is_kept:
            directives[directive.name] = print_directive(directive, layout)
    for name, type_ in merged.types.items():
        types[name] = print_type(type_, graphs, layout)
    definitions = [
        _schema(merged, links, layout),
        *(directives[name] for name in sorted(directives)),
        *(types[name] for name in sorted(types)),
    ]
    return "\n\n".join(definitions) + "\n"


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
