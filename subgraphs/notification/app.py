"""The composition root of notification."""

from pathlib import Path

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.notification import commands, queries
from subgraphs.notification.api import schema
from subgraphs.notification.domain.recipient import RecipientId
from subgraphs.notification.rendering import Renderer
from subgraphs.notification.senders.choosing import senders_of
from subgraphs.notification.sending import errands
from subgraphs.notification.subscriptions import subscriptions
from subgraphs.notification.titles import titles
from subgraphs.notification.triggers import triggers


def build(platform: Platform) -> BoundedContext:
    """Notification, ready to be served and to tell people things. SettingsError."""
    senders = senders_of(platform.settings, platform.clock)
    renderer = Renderer(platform.settings.public_url)
    command_bus = CommandBus("notification", platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, limits=platform.limits)
    commands.register(command_bus, renderer=renderer)
    queries.register(query_bus, renderer=renderer)

    async def forget(user: RecipientId, devices: tuple[str, ...]) -> None:
        gone = commands.ForgetDevices(str(user), devices)
        await command_bus.execute(gone, RequestContext.of_system(platform.ids))

    return BoundedContext(
        name="notification",
        asgi=GraphQLApp(
            schema, commands=command_bus, queries=query_bus, tokens=platform.tokens, ids=platform.ids
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            *subscriptions(command_bus),
            *triggers(),
            *titles(),
            *errands(platform.effects, platform.database, senders, forget=forget),
        ),
    )
