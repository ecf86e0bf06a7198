"""What identity tells itself: from its sagas and commands to its consumers, in transactions of their own."""

from dataclasses import dataclass
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class CreateProfile(IntegrationEvent):
    """A user shall have a profile."""

    type: ClassVar[str] = "identity.create_profile"
    user_id: str


@dataclass(frozen=True, slots=True)
class CreateSettings(IntegrationEvent):
    """A user shall have settings."""

    type: ClassVar[str] = "identity.create_settings"
    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class SendVerification(IntegrationEvent):
    """A user shall get a mail with a token, unless they are verified by now."""

    type: ClassVar[str] = "identity.send_verification"
    user_id: str
    is_reminder: bool


@dataclass(frozen=True, slots=True)
class ExpireVerification(IntegrationEvent):
    """Whoever has not verified their address by now is not let in any more."""

    type: ClassVar[str] = "identity.expire_verification"
    user_id: str


@dataclass(frozen=True, slots=True)
class SendEmailChange(IntegrationEvent):
    """A user shall get a mail with a token at this new address."""

    type: ClassVar[str] = "identity.send_email_change"
    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class SendPasswordReset(IntegrationEvent):
    """Whoever has this address shall get a mail with a token; if nobody has it, nothing follows."""

    type: ClassVar[str] = "identity.send_password_reset"
    email: str
