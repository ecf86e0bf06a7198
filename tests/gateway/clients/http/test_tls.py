"""https: certificates are checked, names are checked, and the rest is as over plain HTTP."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plait_gateway.clients import HttpClient, SubgraphUnreachable, asking
from tests.gateway.clients.http.scripted import (
    REQUEST,
    Handler,
    always,
    read_request,
    response,
    server,
)

_NOW = dt.datetime.now(dt.UTC)


def certificate(folder: Path, *names: x509.GeneralName) -> tuple[Path, Path]:
    """A certificate for the names, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "plait's tests")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_NOW - dt.timedelta(days=1))
        .not_valid_after(_NOW + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


LOCALHOST = x509.DNSName("localhost")
LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


class Served:
    """What a server with a certificate is asked, and for which name."""

    def __init__(self, folder: Path, *names: x509.GeneralName) -> None:
        self.certificate, key = certificate(folder, *names)
        self.names: list[str | None] = []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(self.certificate, key)
        self.context.sni_callback = self._note

    def _note(self, _connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self.names.append(name)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A server whose certificate is good for localhost and 127.0.0.1."""
    made = Served(tmp_path, LOCALHOST, LOOPBACK)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    return made


async def exchange(
    served: Served, handler: Handler, *, host: str = "localhost", times: int = 1
) -> list[bytes]:
    client = HttpClient(connections=1)
    async with asyncio.timeout(120), server(handler, tls=served.context) as running:
        try:
            send = asking(client.to(f"https://{host}:{running.port}/graphql", max_response_bytes=500_000))
            return [(await send(REQUEST)).body for _ in range(times)]
        finally:
            await client.close()


async def test_a_connection_is_kept_and_names_the_host(trusted: Served) -> None:
    assert await exchange(trusted, always(response(b"{}")), times=3) == [b"{}"] * 3
    assert trusted.names == ["localhost"]


async def test_an_address_may_stand_in_a_certificate(trusted: Served) -> None:
    assert await exchange(trusted, always(response(b"{}")), host="127.0.0.1") == [b"{}"]


async def test_large_answers_and_answers_until_close(trusted: Served) -> None:
    body = b"x" * 400_000

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        await writer.drain()

    assert await exchange(trusted, handler, times=2) == [body] * 2


async def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = Served(tmp_path, x509.DNSName("elsewhere.example"))
    monkeypatch.setenv("SSL_CERT_FILE", str(other.certificate))
    with pytest.raises(SubgraphUnreachable, match="no connection could be made"):
        await exchange(other, always(response(b"{}")))
    assert "certificate is not valid for 'localhost'" in caplog.text


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SubgraphUnreachable, match="no connection could be made"):
        await exchange(Served(tmp_path, LOCALHOST), always(response(b"{}")))


async def test_a_server_without_tls_is_refused(trusted: Served) -> None:
    client = HttpClient(connections=1)

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"{}"))
        await reader.read()

    async with asyncio.timeout(120), server(plain) as running:
        send = asking(client.to(f"https://localhost:{running.port}/", max_response_bytes=10))
        with pytest.raises(SubgraphUnreachable, match="no connection could be made"):
            await send(REQUEST)
    assert trusted.names == []
