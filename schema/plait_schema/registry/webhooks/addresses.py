"""Where a webhook may lead: not into the network that the registry stands in, unless that is allowed.

Who may make webhooks could otherwise ask what only the registry reaches. What a name resolves to is judged,
and that address is connected to: a name that resolves differently a moment later leads nowhere else.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # IPv4 by way of NAT64 (RFC 6052)


class ForbiddenAddressError(Exception):
    """It must not be sent there. The message says why, in one line."""


def address_of(host: str, port: int, *, allow_private: bool) -> str:
    """An IP address of the host. Raises ForbiddenAddressError, and OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not may_be_told(address, allow_private=allow_private):
            raise ForbiddenAddressError(f"{host} is in a private network")
    return addresses[0]


def may_be_told(address: str, *, allow_private: bool) -> bool:
    """Whether it is a public address; where private ones are allowed, whether it is no special one."""
    ip = _meant(ip_address(address.partition("%")[0]))
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:  # clouds tell machines' secrets there
        return False
    return allow_private or ip.is_global


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
