"""The rules that a schema must obey: graphql-core's, but for one that is still a draft.

graphql-core already asks that a type deprecates a field only where its interface does. The October 2021
edition does not, and other composers and routers let it pass.
"""

from graphql import GraphQLError, GraphQLSchema, validate_schema

_DRAFT = " must not be deprecated."


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """What is wrong with the schema: https://spec.graphql.org/October2021/#sec-Type-System.

    Operations are validated against it as against any other: graphql-core looks at a schema only once, and at
    nothing but these errors afterwards.
    """
    errors = [error for error in validate_schema(schema) if not error.message.endswith(_DRAFT)]
    schema._validation_errors = errors
    return errors
