"""The listening socket, which outlives a reload: connections made meanwhile wait in its queue."""

import errno
import os
import socket

import click

_INHERITED = "PLAIT_DEV_SOCKET"
_QUEUE = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the address, or the one that this process had before it reloaded.

    Raises click.ClickException with one clear line when the address cannot be had.
    """
    if inherited := os.environ.pop(_INHERITED, None):
        return socket.socket(fileno=int(inherited))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_QUEUE)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException(f"port {port} is in use; choose another with --port") from None
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listening


def hand_over(listening: socket.socket) -> dict[str, str]:
    """What the environment of the process that replaces this one must hold to go on listening."""
    listening.set_inheritable(True)
    return {_INHERITED: str(listening.fileno())}
