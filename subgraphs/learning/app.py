"""The composition root of learning."""

from pathlib import Path

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.learning import commands, queries
from subgraphs.learning.api import schema
from subgraphs.learning.code_runner import CodeRunner
from subgraphs.learning.code_runner.sandboxed import SandboxedPython
from subgraphs.learning.jobs import COURSE_ANALYTICS
from subgraphs.learning.queries.caching import CourseCaches
from subgraphs.learning.requests import requests
from subgraphs.learning.sagas.course_enrollment import COURSE_ENROLLMENT
from subgraphs.learning.sagas.lesson_progress import LESSON_PROGRESS
from subgraphs.learning.subscriptions import subscriptions
from subgraphs.learning.tables import person
from subgraphs.people import People


def build(platform: Platform, *, runner: CodeRunner | None = None) -> BoundedContext:
    """Learning, ready to be served. Programs are run by `runner`, else in processes of their own."""
    command_bus = CommandBus("learning", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, limits=platform.limits)
    caches = CourseCaches.on(platform.cache)
    people = People("learning", person, platform)
    commands.register(
        command_bus,
        people=people,
        database=platform.database,
        runner=runner or SandboxedPython(),
        ids=platform.ids,
    )
    queries.register(query_bus, caches)
    return BoundedContext(
        name="learning",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            *subscriptions(command_bus),
            *people.subscriptions,
            *requests(command_bus),
            *caches.subscriptions(query_bus, platform.ids),
        ),
        sagas=(COURSE_ENROLLMENT, LESSON_PROGRESS),
        jobs=(COURSE_ANALYTICS,),
    )
