"""Servers for the tests of what asks running subgraphs."""

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The URL of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/graphql"
