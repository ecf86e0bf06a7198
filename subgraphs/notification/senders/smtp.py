"""A mail server, by SMTP (RFC 5321)."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Final

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.effects.outcome import NotDoneError, OutcomeUnknownError, Refused, Succeeded
from subgraphs.notification.senders.mime import message_id, to_mime
from subgraphs.notification.senders.ports import Email, Receipt, Sending

_SECONDS: Final = 8.0  # less than an effect waits for
_TOO_LARGE: Final = 552
_PERMANENT: Final = 500  # and above: asking again is of no use


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails are handed in. With `encrypts` the connection is TLS from the beginning; without, it
    becomes that as soon as the server offers it. A password is never sent in the clear."""

    host: str
    port: int
    encrypts: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Hands mails in, from this sender. A server cannot be asked what it has taken: should its answer be
    lost, the mail is handed in again, under the same Message-ID."""

    server: SmtpServer
    clock: Clock
    sender: str

    @property
    def name(self) -> str:
        return f"smtp:{self.server.host}"

    async def send(self, email: Email) -> Sending:
        """Refused when the server does not want it and never will."""
        return await asyncio.to_thread(self._hand_in, email)

    async def find(self, _id: str) -> Sending | None:
        return None

    def _hand_in(self, email: Email) -> Sending:
        message = to_mime(email, sender=self.sender, at=self.clock.now())
        try:
            connection = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            raise NotDoneError(f"{self.name}: {error}") from error
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, reason = next(iter(refusal.recipients.values()))
            return self._refused("RECIPIENT_REFUSED", code, reason)
        except smtplib.SMTPResponseException as refusal:
            is_about_us = isinstance(refusal, smtplib.SMTPSenderRefused) and refusal.smtp_code != _TOO_LARGE
            if is_about_us:  # until somebody mends the settings: no mail must be lost for them
                raise NotDoneError(f"{self.name} does not take mails from {self.sender}: {refusal}") from None
            return self._refused("MAIL_REFUSED", refusal.smtp_code, refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            raise OutcomeUnknownError(f"{self.name}: {error}") from error
        finally:
            connection.close()
        return Succeeded(Receipt(message_id(email.id, sender=self.sender)))

    def _connected(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.encrypts:
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        try:
            connection.ehlo_or_helo_if_needed()
            if not server.encrypts and connection.has_extn("starttls"):
                connection.starttls(context=context)
            self._log_in(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self.server.user is None:
            return
        if not isinstance(connection.sock, ssl.SSLSocket):
            raise NotDoneError(f"{self.name} would have the password in the clear")
        connection.login(self.server.user, self.server.password or "")

    def _refused(self, code: str, smtp_code: int, reason: bytes | str) -> Sending:
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        if smtp_code < _PERMANENT:
            raise NotDoneError(f"{self.name}: {smtp_code} {text}")
        return Refused(code, f"{smtp_code} {text}")
