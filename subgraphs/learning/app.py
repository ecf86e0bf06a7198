"""The composition root of learning."""

from pathlib import Path

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.learning import commands, queries
from subgraphs.learning.api import schema


def build(platform: Platform) -> BoundedContext:
    """Learning, ready to be served. It consumes no events."""
    command_bus = CommandBus("learning", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, limits=platform.limits)
    commands.register(command_bus)
    queries.register(query_bus)
    return BoundedContext(
        name="learning",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
    )
