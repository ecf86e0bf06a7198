"""The composition root of tutoring."""

from pathlib import Path

from subgraphs.contracts.caches import TUTOR_PROFILE, TUTOR_SEARCH
from subgraphs.contracts.tutoring import AvailabilityChanged, TutorProfileUpdated, TutorVerified
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Page
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.tutoring import commands, queries
from subgraphs.tutoring.api import schema
from subgraphs.tutoring.projections import SEARCH
from subgraphs.tutoring.queries.profiles import TutorView
from subgraphs.tutoring.sagas import TUTOR_ONBOARDING
from subgraphs.tutoring.subscriptions import subscriptions

_TUTOR_CACHE = "tutoring.tutor_cache"


def build(platform: Platform) -> BoundedContext:
    """Tutoring, ready to be served and to be told who is a tutor."""
    command_bus = CommandBus("tutoring", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, platform.freshness, limits=platform.limits)
    cached_tutors = Cached[TutorView](TUTOR_PROFILE, TutorView, platform.cache)
    commands.register(command_bus)
    queries.register(
        query_bus,
        clock=platform.clock,
        cached_tutors=cached_tutors,
        searches=Cached[Page[str]](TUTOR_SEARCH, Page[str], platform.cache),
        database=platform.database,
    )
    return BoundedContext(
        name="tutoring",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            *subscriptions(command_bus),
            forgetting(_TUTOR_CACHE, TutorProfileUpdated, cached_tutors, keys=lambda one: [one.tutor_id]),
            forgetting(_TUTOR_CACHE, AvailabilityChanged, cached_tutors, keys=lambda one: [one.tutor_id]),
            forgetting(_TUTOR_CACHE, TutorVerified, cached_tutors, keys=lambda one: [one.tutor_id]),
        ),
        sagas=(TUTOR_ONBOARDING,),
        projections=(SEARCH,),
    )
