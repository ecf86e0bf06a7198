"""The senders: an outbox of files, and a mail server."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from subgraphs.kernel.effects.outcome import NotDoneError, OutcomeUnknownError, Refused, Succeeded
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification.senders import smtp
from subgraphs.notification.senders.choosing import senders_of, server_of
from subgraphs.notification.senders.files import Outbox, file_outbox
from subgraphs.notification.senders.mime import BadAddressError, to_mime
from subgraphs.notification.senders.ports import Email, Receipt, Sms
from subgraphs.notification.senders.smtp import SmtpSender, SmtpServer
from tests.subgraphs.notification.mail_server import MailServer, mail_server

SENDER = "The academy <academy@academy.example>"
MAIL = Email("id-1", "ada@example.org", "Ada Lovelace", "A häppy subject", "Text\n", "<p>Text</p>\n")


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


def _sender(server: MailServer, *, user: str | None = None, password: str | None = None) -> SmtpSender:
    where = SmtpServer("127.0.0.1", server.port, user=user, password=password)
    return SmtpSender(where, FakeClock(), SENDER)


async def test_what_is_written_twice_is_there_once(tmp_path: Path) -> None:
    outbox = file_outbox(tmp_path, FakeClock(), sender=SENDER)
    assert await outbox.email.find(MAIL.id) is None
    for _ in range(2):
        assert await outbox.email.send(MAIL) == Succeeded(Receipt("id-1.eml"))
    assert await outbox.email.find(MAIL.id) == Succeeded(Receipt("id-1.eml"))
    await outbox.sms.send(Sms("id-2", "+4915112345678", "Hello", FakeClock().now()))
    assert {(one.id, one.channel) for one in Outbox(tmp_path).read()} == {("id-1", "email"), ("id-2", "sms")}


async def test_domains_of_other_scripts_are_written_in_ascii(tmp_path: Path) -> None:
    outbox = file_outbox(tmp_path, FakeClock(), sender=SENDER)
    await outbox.email.send(replace(MAIL, to="ada@exämple.org", name='Ada "the first"'))
    [mail] = Outbox(tmp_path).read()
    assert mail.message["To"].addresses[0].addr_spec == "ada@xn--exmple-cua.org"
    assert mail.message["To"].addresses[0].display_name == 'Ada "the first"'


@pytest.mark.parametrize("address", ["", "nobody", "a b@example.org", "jürgen@example.org", "a@b..c", "a@"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadAddressError):
        to_mime(replace(MAIL, to=address), sender=SENDER, at=datetime.now(UTC))


async def test_what_is_half_written_is_not_there(tmp_path: Path) -> None:
    outbox = file_outbox(tmp_path, FakeClock(), sender=SENDER)
    await outbox.email.send(MAIL)
    (tmp_path / "email" / ".id-3").write_bytes(b"Subject: half")
    assert [one.id for one in Outbox(tmp_path).read()] == ["id-1"]


async def test_a_mail_server_gets_the_whole_mail(server: MailServer) -> None:
    sent = await _sender(server).send(MAIL)
    assert sent == Succeeded(Receipt("<id-1@academy.example>"))
    [mail] = server.taken
    assert (mail["To"], mail["Subject"]) == ("Ada Lovelace <ada@example.org>", "A häppy subject")
    assert mail["Message-ID"] == "<id-1@academy.example>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("recipients", "mails", "code"),
    [("550 no such user", None, "RECIPIENT_REFUSED"), (None, "554 this is spam", "MAIL_REFUSED")],
)
async def test_what_a_server_does_not_want_is_refused(
    server: MailServer, recipients: str | None, mails: str | None, code: str
) -> None:
    server.recipients, server.mails = recipients, mails
    refused = await _sender(server).send(MAIL)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.message) == (code, recipients or mails)


@pytest.mark.parametrize(("recipients", "mails"), [("450 mailbox busy", None), (None, "451 come back later")])
async def test_what_a_server_takes_later_is_not_done(
    server: MailServer, recipients: str | None, mails: str | None
) -> None:
    server.recipients, server.mails = recipients, mails
    with pytest.raises(NotDoneError, match=r"later|busy"):
        await _sender(server).send(MAIL)


async def test_no_mail_is_lost_while_a_server_does_not_take_any_from_us(server: MailServer) -> None:
    for answer in ("530 authenticate first", "550 not from here"):
        server.senders = answer
        with pytest.raises(NotDoneError, match="does not take mails from"):
            await _sender(server).send(MAIL)
    server.senders = "552 too large"
    assert isinstance(refused := await _sender(server).send(MAIL), Refused)
    assert refused.code == "MAIL_REFUSED"


async def test_a_server_that_hangs_up_may_have_taken_it(server: MailServer) -> None:
    server.drops = True
    with pytest.raises(OutcomeUnknownError):
        await _sender(server).send(MAIL)
    assert await _sender(server).find(MAIL.id) is None


async def test_a_server_that_takes_too_long_has_not_taken_it(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not even handed in may be handed in again: nobody gets it twice."""
    monkeypatch.setattr(smtp, "_SECONDS", 0.3)
    server.hesitates = True
    with pytest.raises(NotDoneError):
        await _sender(server).send(MAIL)
    assert server.taken == []


async def test_who_has_handed_a_mail_in_says_good_bye(server: MailServer) -> None:
    await _sender(server).send(MAIL)
    async with asyncio.timeout(120):
        await server.left.wait()


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: everybody@example.org",
        "Eve\nBcc: everybody@example.org",
        "Eve <eve@evil.example>",
        'Eve" <eve@evil.example>, "Ada',
        "Eve, everybody@example.org",
        "=?utf-8?q?Eve?= <eve@evil.example>",
        "\u202eevE\x00",
        "♥" * 200,
        "",
    ],
)
async def test_a_name_is_a_name_whatever_is_in_it(server: MailServer, name: str) -> None:
    await _sender(server).send(replace(MAIL, name=name, subject=f"For {name}"))
    [mail] = server.taken
    assert [address.addr_spec for address in mail["To"].addresses] == ["ada@example.org"]
    assert (mail["Bcc"], mail["Cc"]) == (None, None)


async def test_where_nobody_listens_nothing_is_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        nobody = MailServer(port=taken.getsockname()[1])
        with pytest.raises(NotDoneError):
            await _sender(nobody).send(MAIL)


async def test_a_password_is_not_sent_in_the_clear(server: MailServer) -> None:
    with pytest.raises(NotDoneError, match="in the clear"):
        await _sender(server, user="ada", password="right").send(MAIL)
    assert (server.logins, server.taken) == ([], [])


@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_a_password_opens_an_encrypted_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    certificate = _certificate(tmp_path)
    ours = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: ours)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    async with mail_server(theirs) as server:
        where = SmtpServer("localhost", server.port, user="ada", password=password)
        sending = SmtpSender(where, FakeClock(), SENDER).send(MAIL)
        if password == "right":
            assert isinstance(await sending, Succeeded)
            assert (len(server.taken), server.logins) == (1, [b"ada:right"])
        else:
            with pytest.raises(NotDoneError):
                await sending


def test_a_url_says_which_server() -> None:
    assert server_of("smtp://mail.example.org") == SmtpServer("mail.example.org", 587)
    assert server_of("smtps://ada%40x:p%2Fw@mail.example.org:2465") == SmtpServer(
        "mail.example.org", 2465, encrypts=True, user="ada@x", password="p/w"
    )
    assert "p/w" not in repr(server_of("smtp://ada:p%2Fw@mail.example.org"))


@pytest.mark.parametrize(
    "url", ["http://mail.example.org", "smtp://", "smtp://host:port", "mail.example.org"]
)
def test_what_is_no_url_of_a_server(url: str) -> None:
    with pytest.raises(SettingsError, match="PLAIT_SMTP_URL"):
        server_of(url)


def test_a_sender_has_an_address(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PLAIT_MAIL_FROM"):
        senders_of(Settings(tmp_path, mail_from="nobody"), FakeClock())


def _certificate(folder: Path) -> Path:
    """A key and a certificate of localhost, signed by itself, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    return file
