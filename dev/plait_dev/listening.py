"""The listening socket, which outlives a reload: connections made meanwhile wait in its queue."""

import errno
import os
import socket

import click

from plait_gateway.server.run import listen as listen_on

_INHERITED = "PLAIT_DEV_SOCKET"


def is_reload() -> bool:
    """Whether this process took over from one that ran older code."""
    return _INHERITED in os.environ


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the address, or the one that this process had before it reloaded.

    Raises click.ClickException with one clear line when the address cannot be had.
    """
    if is_reload():
        return socket.socket(fileno=int(os.environ[_INHERITED]))
    try:
        return listen_on(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException(f"port {port} is in use; choose another with --port") from None
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from None


def listen_beside(port: int) -> socket.socket:
    """A socket for this machine alone, on the port or, where that is taken, on a free one."""
    try:
        return listen_on("127.0.0.1", port)
    except OSError:
        return listen_on("127.0.0.1", 0)


def address_of(listening: socket.socket) -> str:
    """The URL of what is served there, as this machine reaches it."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all addresses: one of them
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def hand_over(listening: socket.socket) -> dict[str, str]:
    """What the environment of the process that replaces this one must hold to go on listening."""
    listening.set_inheritable(True)
    return {_INHERITED: str(listening.fileno())}
