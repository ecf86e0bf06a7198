"""The SDL of one subgraph, from what it holds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphql import DirectiveDefinitionNode, SchemaDefinitionNode, SchemaExtensionNode, print_ast
from graphql.type import specified_scalar_types

from plait_schema.federation.type_reference import named_type
from plait_schema.supergraph.extraction.definitions import Definitions, applications
from plait_schema.supergraph.extraction.holdings import Holding
from plait_schema.supergraph.extraction.links import schema_node
from plait_schema.supergraph.extraction.rendering import Rendering


def print_subgraph(holding: Holding, rendering: Rendering) -> str:
    """The schema with its links, the directives it defines, and its types."""
    applied = rendering.applied
    definitions = applied.definitions
    types = [rendering.type(definitions.types[name], held) for name, held in holding.items()]
    used = {each.name.value for _, each in applications([*types])}
    used |= {each.name.value for each in applied.merged(definitions.schema_definition)}
    directives = [
        rendering.directive(definitions.directives[name])
        for name in sorted(applied.available)
        if name in used or name not in definitions.composed or name in definitions.unused
    ]
    composed = [node.name.value for node in directives if node.name.value in definitions.composed]
    schema = schema_node(applied, [*directives, *types], composed, holding)
    printed = (_print_schema(schema), *(print_ast(node) for node in (*directives, *types)))
    return "\n\n".join(printed) + "\n"


def _print_schema(node: SchemaDefinitionNode | SchemaExtensionNode) -> str:
    """With a line for each directive, as links are long."""
    applied = [f"  {print_ast(directive)}" for directive in node.directives or ()]
    first, _, rest = print_ast(replace(node, directives=())).rpartition("schema {")
    if isinstance(node, SchemaExtensionNode):
        return "\n".join(["extend schema", *applied])
    return "\n".join([f"{first}schema", *applied, f"{{{rest}"])


def available_directives(definitions: Definitions, types: Iterable[str]) -> frozenset[str]:
    """The directives whose arguments are of types that the subgraph has."""
    known = {*types, *specified_scalar_types}
    return frozenset(
        name for name, node in definitions.directives.items() if known.issuperset(_argument_types(node))
    )


def _argument_types(node: DirectiveDefinitionNode) -> Iterator[str]:
    return (named_type(argument.type).name.value for argument in node.arguments or ())
