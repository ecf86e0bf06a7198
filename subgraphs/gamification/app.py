"""The composition root of gamification."""

from pathlib import Path

from subgraphs.contracts.caches import LEADERBOARD
from subgraphs.gamification import commands, queries
from subgraphs.gamification.api import schema
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.queries.leaderboards import EntryView
from subgraphs.gamification.subscriptions import subscriptions
from subgraphs.gamification.tables import person
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.people import People


def build(platform: Platform) -> BoundedContext:
    """Gamification, ready to be served and to be told what players do."""
    command_bus = CommandBus("gamification", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, platform.freshness, limits=platform.limits)
    people = People("gamification", person, platform)
    commands.register(command_bus, people)
    leaderboards = Cached[tuple[EntryView, ...]](LEADERBOARD, tuple[EntryView, ...], platform.cache)
    queries.register(query_bus, clock=platform.clock, leaderboards=leaderboards)
    return BoundedContext(
        name="gamification",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(*subscriptions(command_bus), *people.subscriptions),
        projections=(PLAYERS,),
    )
