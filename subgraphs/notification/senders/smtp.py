"""A mail server, by SMTP (RFC 5321)."""

import asyncio
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.effects.outcome import NotDoneError, OutcomeUnknownError, Refused, Succeeded
from subgraphs.notification.senders.mime import message_id, to_mime
from subgraphs.notification.senders.ports import Email, Receipt, Sending

_SECONDS: Final = 8.0  # less than an effect waits for
_TO_LEAVE: Final = 0.5  # after that, too
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


@dataclass(slots=True)
class _Conversation:
    """All of it has to be over by the deadline: a server that takes its time with each answer would otherwise
    take mails that nobody waits for any more, and be handed them again. `has_mail` once it may have one."""

    deadline: float
    has_mail: bool = False

    def seconds_left(self) -> float:
        """TimeoutError when there are none."""
        if (left := self.deadline - monotonic()) <= 0:
            raise TimeoutError(f"not done within {_SECONDS:g} seconds")
        return left


class _Timely(smtplib.SMTP):
    """A connection for one conversation."""

    def __init__(self, conversation: _Conversation, **where: Any) -> None:
        self._conversation = conversation
        try:
            super().__init__(timeout=_SECONDS, **where)
        except BaseException:
            self.close()  # of a server that did not even greet, nobody else would
            raise

    def getreply(self) -> tuple[int, bytes]:
        seconds = self._conversation.seconds_left()
        if self.sock is not None:
            self.sock.settimeout(seconds)
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._conversation.seconds_left()
        self._conversation.has_mail = True
        return super().data(msg)


class _TimelyAndEncrypted(_Timely, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""


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
        conversation = _Conversation(monotonic() + _SECONDS)
        try:
            connection = self._connected(conversation)
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
            kind = OutcomeUnknownError if conversation.has_mail else NotDoneError
            raise kind(f"{self.name}: {error}") from error
        finally:
            _leave(connection, conversation)
        return Succeeded(Receipt(message_id(email.id, sender=self.sender)))

    def _connected(self, conversation: "_Conversation") -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        where = {"host": server.host, "port": server.port}
        connection: smtplib.SMTP
        if server.encrypts:
            connection = _TimelyAndEncrypted(conversation, context=context, **where)
        else:
            connection = _Timely(conversation, **where)
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


def _leave(connection: smtplib.SMTP, conversation: _Conversation) -> None:
    """Say so, as RFC 5321, 4.1.1.10 wants it; what was said before holds, whatever is answered."""
    conversation.deadline = monotonic() + _TO_LEAVE
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()
