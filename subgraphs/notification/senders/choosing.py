"""Which senders an installation uses."""

from email.utils import parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.notification.senders.fcm import FcmSender
from subgraphs.notification.senders.files import file_outbox
from subgraphs.notification.senders.google import GoogleTokens, ServiceAccount
from subgraphs.notification.senders.ports import EmailSender, PushSender, Senders
from subgraphs.notification.senders.smtp import SmtpSender, SmtpServer
from subgraphs.notification.senders.twilio import TwilioSender

_PORTS: Final = {"smtp": 587, "smtps": 465}


def outbox_folder(data_dir: Path) -> Path:
    """Where messages are written that nobody takes any further."""
    return data_dir / "outbox"


def senders_of(settings: Settings, clock: Clock) -> Senders:
    """A mail server, Twilio and FCM, as far as they are known; files take the rest. SettingsError."""
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise SettingsError("PLAIT_MAIL_FROM should be like The academy <mail@example.org>")
    files = file_outbox(outbox_folder(settings.data_dir), clock, sender=settings.mail_from)
    return Senders(
        _mail_server(settings, clock) or files.email,
        TwilioSender(settings.twilio, url=settings.twilio_url) if settings.twilio else files.sms,
        _fcm(settings, clock) or files.push,
    )


def _mail_server(settings: Settings, clock: Clock) -> EmailSender | None:
    if settings.smtp_url is None:
        return None
    return SmtpSender(server_of(settings.smtp_url), clock, settings.mail_from)


def _fcm(settings: Settings, clock: Clock) -> PushSender | None:
    if settings.fcm_credentials is None:
        return None
    return FcmSender(GoogleTokens(ServiceAccount.read(settings.fcm_credentials), clock), url=settings.fcm_url)


def server_of(url: str) -> SmtpServer:
    """The server of an `smtp://` or `smtps://` URL. SettingsError, which does not say the password."""
    complaint = "PLAIT_SMTP_URL should be like smtp://user:password@mail.example.org:587"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(complaint) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingsError(complaint)
    return SmtpServer(
        parts.hostname,
        port or _PORTS[parts.scheme],
        encrypts=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
