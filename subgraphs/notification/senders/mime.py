"""A mail as mail programs read it (RFC 5322, RFC 2045)."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from subgraphs.notification.senders.ports import Email


def to_mime(email: Email, *, sender: str, at: datetime) -> EmailMessage:
    """The text with the HTML as its alternative. The id is the Message-ID, in the sender's domain."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(email.id, sender=sender)
    message["Date"] = format_datetime(at)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(email.name, addr_spec=email.to)
    message["Subject"] = email.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody is to answer that they are on holiday
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message


def message_id(id_: str, *, sender: str) -> str:
    """A Message-ID for what has this id."""
    return f"<{id_}@{parseaddr(sender)[1].rpartition('@')[2]}>"
