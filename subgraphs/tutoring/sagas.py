"""TutorOnboarding: a new tutor is welcomed at once, gets a dashboard an hour later, and tips after a day.

The timers are rows: they outlive restarts and deploys. What is asked for goes to `tutoring.onboarding`, which
bears to be asked twice.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.tutoring import TutorProfileCreated
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Finish, Send
from subgraphs.tutoring.domain.values import TutorId, UserId

ONBOARDING: Final = "tutoring.onboarding"

DASHBOARD_AFTER: Final = timedelta(hours=1)
TIPS_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SendWelcomeEmail(IntegrationEvent):
    """Welcome a tutor."""

    type: ClassVar[str] = "tutoring.send_welcome_email"
    tutor_id: str
    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class InitializeTutorDashboard(IntegrationEvent):
    """Give a tutor their dashboard."""

    type: ClassVar[str] = "tutoring.initialize_tutor_dashboard"
    tutor_id: str


@dataclass(frozen=True, slots=True)
class SendOnboardingTips(IntegrationEvent):
    """Tell a tutor what students look for."""

    type: ClassVar[str] = "tutoring.send_onboarding_tips"
    tutor_id: str
    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Whom it is about."""

    tutor_id: str
    user_id: str
    email: str


TUTOR_ONBOARDING: Final = Saga("tutoring.tutor_onboarding", Onboarding)


@TUTOR_ONBOARDING.starts_with(TutorProfileCreated, by=lambda message: message.tutor_id)
def profile_created(message: TutorProfileCreated) -> Decision[Onboarding]:
    tutor = Onboarding(message.tutor_id, message.user_id, message.email)
    return tutor, [
        Send(SendWelcomeEmail(tutor.tutor_id, tutor.user_id, tutor.email), to=ONBOARDING),
        Begin("dashboard", timeout=DASHBOARD_AFTER),
        Begin("tips", timeout=TIPS_AFTER),
    ]


@TUTOR_ONBOARDING.on_timeout("dashboard")
def dashboard_due(tutor: Onboarding) -> Decision[Onboarding]:
    return tutor, [Send(InitializeTutorDashboard(tutor.tutor_id), to=ONBOARDING), Finish()]


@TUTOR_ONBOARDING.on_timeout("tips")
def tips_due(tutor: Onboarding) -> Decision[Onboarding]:
    tips = SendOnboardingTips(tutor.tutor_id, tutor.user_id, tutor.email)
    return tutor, [Send(tips, to=ONBOARDING), Finish(), Complete()]


@TUTOR_ONBOARDING.on(UserDeleted, by=lambda message: str(TutorId.of(UserId(message.user_id))))
def user_deleted(tutor: Onboarding, _: UserDeleted) -> Decision[Onboarding]:
    """Nobody is left to be shown around, nor their address."""
    return Onboarding(tutor.tutor_id, tutor.user_id, ""), [Fail("USER_DELETED")]
