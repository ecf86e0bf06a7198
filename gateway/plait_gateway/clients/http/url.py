"""What a subgraph's URL says: where to connect to, and what to ask for there."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._~-]+")
_TARGET_CHARACTERS = "%/:=&?~+!$,;'@()*[]"


class InvalidURL(ValueError):  # noqa: N818 - it names the URL
    """The URL cannot be used; the message says why, and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where connections go. Two URLs with one origin share them."""

    tls: bool
    host: str  # a name in ASCII, an IPv4 address, or an IPv6 address without brackets
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def certified_name(self) -> str:
        """What the certificate must be for: the dot that ends an absolute name is not part of it."""
        return self.host.removesuffix(".")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A subgraph's URL, taken apart."""

    origin: Origin
    authority: str  # the Host header
    target: str  # path and query


def read_url(url: str) -> Endpoint:
    """Take an http or https URL apart; raises InvalidURL.

    Credentials in a URL are refused (RFC 9110, 4.2.4): a supergraph is read by many, and would compete with
    the client's own `authorization`. A fragment is dropped; characters that a URL cannot hold are escaped.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidURL("host or port cannot be read") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidURL("it begins with neither http:// nor https://")
    if "@" in parts.netloc:
        raise InvalidURL("it holds credentials, which belong into a forwarded header")
    host = _host(parts.hostname or "")
    default_port = _DEFAULT_PORTS[parts.scheme]
    written_host = f"[{host}]" if ":" in host else host
    authority = written_host if port in (None, default_port) else f"{written_host}:{port}"
    path = quote(parts.path or "/", safe=_TARGET_CHARACTERS)
    query = f"?{quote(parts.query, safe=_TARGET_CHARACTERS)}" if parts.query else ""
    origin = Origin(parts.scheme == "https", host, default_port if port is None else port)
    return Endpoint(origin, authority, path + query)


def _host(host: str) -> str:
    if ":" in host:
        try:
            address = IPv6Address(host)
        except ValueError as error:
            raise InvalidURL("its IPv6 address cannot be read") from error
        if address.scope_id is not None:
            raise InvalidURL("an IPv6 zone means something on one machine only")
        return str(address)
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InvalidURL("its host is not a name") from error
    if not _HOST.fullmatch(name):
        raise InvalidURL("its host is not a name")
    return name
