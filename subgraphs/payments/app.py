"""The composition root of payments."""

from pathlib import Path

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.payments import commands, queries
from subgraphs.payments.api import schema
from subgraphs.payments.bookkeepers import bookkeepers
from subgraphs.payments.crediting import correction_of_invoices
from subgraphs.payments.projections import DISPUTES, LIST
from subgraphs.payments.provider.configured import Configured, configured
from subgraphs.payments.provider.gateway import Charging, LookingUp, Refunding
from subgraphs.payments.recording import CHARGE, LOOK_UP, REFUND
from subgraphs.payments.requests import subscriptions
from subgraphs.payments.tables import person
from subgraphs.payments.webhooks import STRIPE_PATH, hearing_stripe, stripe_hook
from subgraphs.people import People

NAME = "payments"


def build(platform: Platform, provider: Configured | None = None) -> BoundedContext:
    """Payments, ready to be served and to be asked by other contexts.

    Money is moved by this provider, or by the one that the settings say: SettingsError.
    """
    provider = provider or configured(platform.settings)
    command_bus = CommandBus(NAME, platform.transactions, limits=platform.limits)
    query_bus = QueryBus(platform.database, platform.freshness, limits=platform.limits)
    people = People(NAME, person, platform)
    commands.register(command_bus, people)
    queries.register(query_bus)
    hooks = {}
    if (secret := provider.webhook_secret) is not None:
        hooks[STRIPE_PATH] = stripe_hook(platform.transactions, secret)
    return BoundedContext(
        name=NAME,
        asgi=GraphQLApp(
            schema,
            commands=command_bus,
            queries=query_bus,
            tokens=platform.tokens,
            ids=platform.ids,
            hooks=hooks,
        ),
        schema=schema,
        commands=command_bus,
        queries=query_bus,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            *subscriptions(),
            hearing_stripe(),
            correction_of_invoices(),
            *bookkeepers(),
            *people.subscriptions,
            platform.effects.errand(CHARGE, Charging(provider.gateway)),
            platform.effects.errand(REFUND, Refunding(provider.gateway)),
            platform.effects.errand(LOOK_UP, LookingUp(provider.gateway)),
        ),
        projections=(LIST, DISPUTES),
    )
