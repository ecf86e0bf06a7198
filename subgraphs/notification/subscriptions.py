"""What notification does about messages.

People are heard of by one consumer and told things by another: what is asked for too soon waits, and must not
hold up the news that it waits for.
"""

from typing import Any, Final

from subgraphs.contracts.identity import (
    UserCreated,
    UserDeleted,
    UserProfileUpdated,
    UserSettingsUpdated,
    UserUpdated,
)
from subgraphs.contracts.notification import SendNotification
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.commands import (
    ChangeRecipient,
    ForgetRecipient,
    IntroduceRecipient,
    MoveRecipient,
    ProcessNotification,
)

SEND: Final = "notification.send"
RECIPIENTS: Final = "notification.recipients"


class NotificationRefusedError(Exception):
    """A message asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """Know people, and tell them what they are to be told, with `commands`."""

    async def act(command: Command[Any], envelope: Envelope[Any], work: UnitOfWork) -> None:
        result = await commands.execute_within(work, command, envelope.request())
        if isinstance(result, Failure):
            raise NotificationRefusedError(f"{result.error.code}: {result.error.message}")

    async def on_send(envelope: Envelope[SendNotification], work: UnitOfWork) -> None:
        asked = envelope.body
        values = asked.values or {}
        await act(
            ProcessNotification(
                envelope.meta, asked.template, asked.user_id, asked.email, asked.mail_to, values
            ),
            envelope,
            work,
        )

    async def on_created(envelope: Envelope[UserCreated], work: UnitOfWork) -> None:
        user = envelope.body
        await act(
            IntroduceRecipient(user.user_id, user.email, user.first_name, user.last_name), envelope, work
        )

    async def on_updated(envelope: Envelope[UserUpdated], work: UnitOfWork) -> None:
        user = envelope.body
        await act(
            ChangeRecipient(user.user_id, user.first_name, user.last_name, email=user.email), envelope, work
        )

    async def on_profile(envelope: Envelope[UserProfileUpdated], work: UnitOfWork) -> None:
        user = envelope.body
        await act(ChangeRecipient(user.user_id, user.first_name, user.last_name), envelope, work)

    async def on_settings(envelope: Envelope[UserSettingsUpdated], work: UnitOfWork) -> None:
        await act(MoveRecipient(envelope.body.user_id, envelope.body.time_zone), envelope, work)

    async def on_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
        await act(ForgetRecipient(envelope.body.user_id), envelope, work)

    return (
        Subscription(SEND, SendNotification, on_send, skips_dead=True, refuses_replay=True, forgets=True),
        Subscription(RECIPIENTS, UserCreated, on_created),
        Subscription(RECIPIENTS, UserUpdated, on_updated),
        Subscription(RECIPIENTS, UserProfileUpdated, on_profile),
        Subscription(RECIPIENTS, UserSettingsUpdated, on_settings),
        Subscription(RECIPIENTS, UserDeleted, on_deleted),
    )
