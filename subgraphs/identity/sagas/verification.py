"""UserVerification: who signs up gets a mail with a token; a reminder after a day; after a week the account
is closed, since nobody has shown that the address is theirs.

It ends at once when the address is verified, the staff let the user in, or the user is gone.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from subgraphs.contracts.identity import (
    UserActivated,
    UserDeactivated,
    UserDeleted,
    UserRegistered,
    UserVerified,
)
from subgraphs.identity.domain.one_time_token import VERIFICATION_LIVES
from subgraphs.identity.messages import ExpireVerification, SendVerification
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Finish, Send

REMINDER_AFTER: Final = timedelta(days=1)

_STEP: Final = "verification"


@dataclass(frozen=True, slots=True)
class Verification:
    """Who it is about, and whether they were reminded."""

    user_id: str
    is_reminded: bool = False


USER_VERIFICATION: Final = Saga("identity.user_verification", Verification)


def _user(
    message: UserRegistered | UserVerified | UserActivated | UserDeactivated | UserDeleted,
) -> str:
    return message.user_id


@USER_VERIFICATION.starts_with(UserRegistered, by=_user)
def registered(message: UserRegistered) -> Decision[Verification]:
    mail = Send(SendVerification(message.user_id, is_reminder=False), to=SendVerification.type)
    return Verification(message.user_id), [Begin(_STEP, timeout=REMINDER_AFTER), mail]


@USER_VERIFICATION.on(UserVerified, by=_user, step=_STEP)
def verified(user: Verification, _: UserVerified) -> Decision[Verification]:
    return user, [Finish(), Complete()]


@USER_VERIFICATION.on(UserActivated, by=_user, step=_STEP)
def activated(user: Verification, _: UserActivated) -> Decision[Verification]:
    return user, [Finish(), Complete()]


@USER_VERIFICATION.on(UserDeactivated, by=_user)
def deactivated(user: Verification, _: UserDeactivated) -> Decision[Verification]:
    return user, [Fail("the user was deactivated")]


@USER_VERIFICATION.on(UserDeleted, by=_user)
def deleted(user: Verification, _: UserDeleted) -> Decision[Verification]:
    return user, [Fail("the user was deleted")]


@USER_VERIFICATION.on_timeout(_STEP)
def is_late(user: Verification) -> Decision[Verification]:
    if not user.is_reminded:
        mail = Send(SendVerification(user.user_id, is_reminder=True), to=SendVerification.type)
        left = VERIFICATION_LIVES - REMINDER_AFTER
        return replace(user, is_reminded=True), [Begin(_STEP, timeout=left), mail]
    close = Send(ExpireVerification(user.user_id), to=ExpireVerification.type)
    return user, [close, Fail("the address was not verified within a week")]
