"""What tutoring does about messages."""

from typing import Any, Final

from subgraphs.contracts.identity import (
    Role,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserRoleChanged,
    UserUpdated,
)
from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.tutoring import commands, sagas
from subgraphs.tutoring.commands import BecomeTutor, ForgetTutor, ResumeTutor, StopTutoring, SuspendTutor
from subgraphs.tutoring.domain.values import UserId
from subgraphs.tutoring.repository import know_person, move_person
from subgraphs.tutoring.sagas import ONBOARDING, SendOnboardingTips, SendWelcomeEmail

PEOPLE: Final = "tutoring.people"

_SEND: Final = "notification.send"


class TutoringRefusedError(Exception):
    """A message asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(bus: CommandBus) -> tuple[Subscription[Any], ...]:
    """Know who is a tutor, and carry out what the onboarding asks for."""

    async def act(command: Command[Any], envelope: Envelope[Any], work: UnitOfWork) -> None:
        result = await bus.execute_within(work, command, envelope.request())
        if isinstance(result, Failure):
            raise TutoringRefusedError(f"{result.error.code}: {result.error.message}")

    async def on_created(envelope: Envelope[UserCreated], work: UnitOfWork) -> None:
        user = envelope.body
        if user.role is Role.TUTOR:
            await act(BecomeTutor(user.user_id, user.email), envelope, work)
        else:
            await know_person(work.connection, UserId(user.user_id), user.email)

    async def on_role_changed(envelope: Envelope[UserRoleChanged], work: UnitOfWork) -> None:
        user = envelope.body
        if user.new_role is Role.TUTOR:
            await act(BecomeTutor(user.user_id), envelope, work)
        elif user.old_role is Role.TUTOR:
            await act(StopTutoring(user.user_id), envelope, work)

    async def on_deactivated(envelope: Envelope[UserDeactivated], work: UnitOfWork) -> None:
        await act(SuspendTutor(envelope.body.user_id), envelope, work)

    async def on_activated(envelope: Envelope[UserActivated], work: UnitOfWork) -> None:
        await act(ResumeTutor(envelope.body.user_id), envelope, work)

    async def on_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
        await act(ForgetTutor(envelope.body.user_id), envelope, work)

    async def on_dashboard(envelope: Envelope[sagas.InitializeTutorDashboard], work: UnitOfWork) -> None:
        await act(commands.InitializeTutorDashboard(envelope.body.tutor_id), envelope, work)

    return (
        Subscription(PEOPLE, UserCreated, on_created),
        Subscription(PEOPLE, UserUpdated, _on_updated),
        Subscription(PEOPLE, UserRoleChanged, on_role_changed),
        Subscription(PEOPLE, UserDeactivated, on_deactivated),
        Subscription(PEOPLE, UserActivated, on_activated),
        Subscription(PEOPLE, UserDeleted, on_deleted),
        Subscription(ONBOARDING, SendWelcomeEmail, _on_welcome),
        Subscription(ONBOARDING, sagas.InitializeTutorDashboard, on_dashboard),
        Subscription(ONBOARDING, SendOnboardingTips, _on_tips),
    )


async def _on_updated(envelope: Envelope[UserUpdated], work: UnitOfWork) -> None:
    if (email := envelope.body.email) is not None:
        await move_person(work.connection, UserId(envelope.body.user_id), email)


async def _on_welcome(envelope: Envelope[SendWelcomeEmail], work: UnitOfWork) -> None:
    tutor = envelope.body
    welcome = SendNotification(Template.TUTOR_WELCOME, user_id=tutor.user_id, email=tutor.email)
    work.send(welcome, to=_SEND, key=tutor.user_id)


async def _on_tips(envelope: Envelope[SendOnboardingTips], work: UnitOfWork) -> None:
    tutor = envelope.body
    tips = SendNotification(Template.TUTOR_ONBOARDING_TIPS, user_id=tutor.user_id, email=tutor.email)
    work.send(tips, to=_SEND, key=tutor.user_id)
