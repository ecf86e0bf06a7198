"""The composition root of classes."""

from pathlib import Path

from subgraphs.classes import commands, queries
from subgraphs.classes.api import schema
from subgraphs.classes.subscriptions import subscriptions
from subgraphs.classes.tables import person
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.people import People

NAME = "classes"


def build(platform: Platform) -> BoundedContext:
    """Classes, ready to be served and to be told of courses."""
    command_bus = CommandBus(NAME, platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, limits=platform.limits)
    people = People(NAME, person, platform)
    commands.register(command_bus, people)
    queries.register(query_bus)
    return BoundedContext(
        name=NAME,
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(*subscriptions(command_bus), *people.subscriptions),
    )
