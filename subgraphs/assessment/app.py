"""The composition root of assessment."""

from pathlib import Path

from subgraphs.assessment import commands, queries
from subgraphs.assessment.api import schema
from subgraphs.assessment.subscriptions import subscriptions
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform


def build(platform: Platform) -> BoundedContext:
    """Assessment, ready to be served and to be told who teaches and takes what."""
    command_bus = CommandBus("assessment", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, limits=platform.limits)
    commands.register(command_bus)
    queries.register(query_bus)
    return BoundedContext(
        name="assessment",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=subscriptions(),
    )
