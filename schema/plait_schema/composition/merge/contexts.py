"""@context and @fromContext: contexts belong to the subgraph that sets them, so they carry its name."""

from collections.abc import Iterable

from graphql import (
    ConstArgumentNode,
    ConstDirectiveNode,
    FieldDefinitionNode,
    NameNode,
    Node,
    StringValueNode,
    print_ast,
)

from plait_schema.composition.declared import Declared
from plait_schema.composition.field_sources import ContextArgument
from plait_schema.federation import applied, string_argument
from plait_schema.federation.context import parse_context_selection


def qualified_context(subgraph: str, context: str) -> str:
    """The context's name in the supergraph, from which gateways read the subgraph's."""
    return f"{subgraph}__{context}"


def merge_contexts(declared: Iterable[Declared[Node]]) -> tuple[ConstDirectiveNode, ...]:
    """The contexts that the type sets, one per subgraph and name."""
    names = [
        qualified_context(each.name, context)
        for each in declared
        for directive in applied(each.node, "context")
        if (context := string_argument(directive, "name"))
    ]
    return tuple(
        ConstDirectiveNode(
            name=NameNode(value="context"),
            arguments=(ConstArgumentNode(name=NameNode(value="name"), value=StringValueNode(value=name)),),
        )
        for name in dict.fromkeys(names)
    )


def context_arguments(declared: Declared[FieldDefinitionNode]) -> tuple[ContextArgument, ...]:
    """The field's arguments that this subgraph takes from contexts."""
    return tuple(
        ContextArgument(
            name=argument.name.value,
            type=print_ast(argument.type),
            context=qualified_context(declared.name, selection.context),
            selection=selection.field_set,
        )
        for argument in declared.node.arguments or ()
        for directive in applied(argument, "fromContext")
        if (selection := parse_context_selection(string_argument(directive, "field") or ""))
    )
