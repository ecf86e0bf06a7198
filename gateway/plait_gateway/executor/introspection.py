"""`__schema` and `__type`, answered from the API schema by graphql-core."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
)

from plait_gateway.executor.collection import Collection


def introspect(
    nodes: list[FieldNode],
    operation: OperationDefinitionNode,
    collection: Collection,
    api_schema: GraphQLSchema,
) -> Any:
    """The value of an introspection field of Query, which may be selected more than once."""
    only_this = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=operation.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(nodes)),
    )
    document = DocumentNode(definitions=(only_this, *collection.fragments.values()))
    data = execute_sync(api_schema, document, variable_values=dict(collection.variables)).data or {}
    return next(iter(data.values()), None)
