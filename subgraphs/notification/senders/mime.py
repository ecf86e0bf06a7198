"""A mail as mail programs read it (RFC 5322, RFC 2045)."""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from subgraphs.notification.senders.ports import Email


class BadAddressError(ValueError):
    """No mail server could deliver to this address."""


def to_mime(email: Email, *, sender: str, at: datetime) -> EmailMessage:
    """The text with the HTML as its alternative. The id is the Message-ID, in the sender's domain.

    BadAddressError. Domains in other scripts are written in ASCII (IDNA); what is before the @ cannot be.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(email.id, sender=sender)
    message["Date"] = format_datetime(at)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = _recipient(email)
    message["Subject"] = _line(email.subject)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody is to answer that they are on holiday
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message


def message_id(id_: str, *, sender: str) -> str:
    """A Message-ID for what has this id."""
    return f"<{id_}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def _recipient(email: Email) -> Address:
    mailbox, _, domain = email.to.rpartition("@")
    try:
        return Address(_line(email.name), addr_spec=f"{mailbox}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError) as error:  # what the parser of addresses stumbles over
        raise BadAddressError(f"not an address: {error}") from None


def _line(text: str) -> str:
    """What may stand in a header (RFC 5322, 2.2): whatever else somebody is called is a space."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
