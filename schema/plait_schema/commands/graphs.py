"""Graphs in files: an API schema, a supergraph, a subgraph, or the supergraph.yaml that composes one."""

from pathlib import Path
from typing import Final

import click
from graphql import GraphQLError, GraphQLSchema, build_ast_schema

from plait_schema.checks.changes import Graph, graph_of_schema, graph_of_subgraph, graph_of_supergraph
from plait_schema.commands.configurations import read_configured
from plait_schema.commands.supergraphs import unusable_supergraph
from plait_schema.commands.texts import read_text_or_revision
from plait_schema.composition import compose
from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic, Location, Severity
from plait_schema.federation.parsing import parse_document
from plait_schema.federation.schema_rules import schema_errors
from plait_schema.subgraph import Subgraph, SubgraphSource, load_subgraph
from plait_schema.subgraph.limits import too_large
from plait_schema.supergraph import SupergraphError

_JOIN: Final = "specs.apollo.dev/join"


def is_configuration(name: str) -> bool:
    """Whether a file is taken for a supergraph.yaml."""
    return Path(name).suffix in (".yaml", ".yml")


def read_graph(name: str, *, timeout: float) -> Graph:
    """The graph of a file, or of `REVISION:path`; click.ClickException when there is none in it."""
    if is_configuration(name):
        return graph_of_supergraph(composed(name, timeout=timeout))
    sdl = read_text_or_revision(name, "schema")
    if _JOIN in sdl:
        return supergraph_in(sdl, name)
    for problem in too_large(SubgraphSource(name, "", sdl)):
        raise click.ClickException(f"{name}: {problem.code}: {problem.message}")
    try:
        return graph_of_schema(_api_schema(sdl, name))
    except GraphQLError as error:  # directives of federation, most likely
        subgraph = load_subgraph(SubgraphSource(name, "", sdl, name))
        if isinstance(subgraph, Subgraph):
            return graph_of_subgraph(subgraph)
        raise click.ClickException(_in_words(subgraph[0], name)) from error


def supergraph_in(sdl: str, name: str) -> Graph:
    """The graph of a supergraph's text; click.ClickException when it is none."""
    try:
        return graph_of_supergraph(sdl)
    except SupergraphError as error:
        raise unusable_supergraph(name, error) from error


def composed(configuration: str, *, timeout: float) -> str:
    """The supergraph of a configuration; click.ClickException when its subgraphs do not compose."""
    composition = compose(read_configured(configuration, timeout=timeout).sources)
    if composition.supergraph_sdl is None:
        errors = [each for each in composition.diagnostics if each.severity is Severity.ERROR]
        raise click.ClickException(
            f"The subgraphs of {configuration} do not compose: {_in_words(errors[0], configuration)}"
            " (`plait compose` says more)"
        )
    return composition.supergraph_sdl


def _api_schema(sdl: str, name: str) -> GraphQLSchema:
    """Raises GraphQLError."""
    try:
        schema = build_ast_schema(parse_document(sdl, name=name))
    except TypeError as error:  # what graphql-core says of unknown types, and of several problems at once
        raise GraphQLError(str(error)) from error
    if errors := schema_errors(schema):
        raise errors[0]
    return schema


def _in_words(problem: Diagnostic, name: str) -> str:
    at = problem.locations[0] if problem.locations else Location("", name, 1, 1)
    return (
        f"{at.file or name}:{at.line}:{at.column}: {problem.code or INVALID_GRAPHQL.name}: {problem.message}"
    )
