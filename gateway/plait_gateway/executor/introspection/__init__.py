"""`__schema` and `__type`, answered from the API schema (specification, section 4).

`meta_fields` says what the fields of the introspection types are of a schema, `answering` reads a selection
of them once and applies it to every type: a schema has thousands of types, and the selection is short.
"""

from typing import Any

from graphql import FieldNode, GraphQLSchema

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.introspection.answering import Answering, argument

__all__ = ["introspect"]


def introspect(nodes: list[FieldNode], collection: Collection, api_schema: GraphQLSchema) -> Any:
    """The value of an introspection field of Query, which may be selected more than once.

    Parts of the value that are equal are one object: it is to be encoded, not changed.
    """
    answering = Answering(collection, api_schema)
    if nodes[0].name.value == "__schema":
        return answering.of("__Schema", nodes)(api_schema)
    found = api_schema.get_type(argument(nodes[0], "name", collection.variables))
    return None if found is None else answering.of("__Type", nodes)(found)
