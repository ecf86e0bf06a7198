"""By which names a gateway answers, and what a page gets whose own name was made to lead here."""

import pytest

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig
from plait_gateway.server.hosts import AllowedHosts
from plait_gateway.supergraph import SupergraphHolder
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.server.test_direct import connected
from tests.gateway.shop import SUPERGRAPH, shop

HOSTS = ("Dev.Example", ".team.example")


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("localhost", True),
        ("localhost:4000", True),
        ("LOCALHOST.:4000", True),
        ("app.localhost:4000", True),
        ("127.0.0.1:4000", True),
        ("192.0.2.7", True),
        ("[::1]:4000", True),
        ("[fe80::1]", True),
        ("dev.example:4000", True),
        ("a.team.example", True),
        ("a.b.team.example", True),
        ("team.example", False),
        ("a.dev.example", False),
        ("evil.example:4000", False),
        ("evil.example, localhost", False),  # two headers
        ("localhost, evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evillocalhost", False),
        ("[evil.example]", False),
        ("", False),
        ("♥".encode().decode("latin-1"), False),
    ],
)
def test_what_leads_nowhere_else_and_what_is_listed_is_allowed(host: str, is_allowed: bool) -> None:
    headers = {b"host": host.encode("latin-1")}
    assert AllowedHosts(HOSTS).allows(headers) is is_allowed
    assert AllowedHosts(("*",)).allows(headers)


def _gateway(config: GatewayConfig) -> AsgiClient:
    holder = SupergraphHolder()
    holder.replace(SUPERGRAPH)
    return AsgiClient(create_app(config, holder, clients=shop()))


@pytest.mark.parametrize("path", ["/graphql", "/health/live", "/nowhere", "/"])
async def test_nothing_at_all_is_served_under_other_names(path: str) -> None:
    client = _gateway(GatewayConfig(allowed_hosts=()))
    answer = await client.request("GET", path, headers={"host": "evil.example:4000", "accept": "text/html"})
    assert (answer.status, answer.codes) == (403, ["HOST_NOT_ALLOWED"])
    assert "'evil.example'" in answer.json["errors"][0]["message"]
    allowed = await client.request("GET", "/health/live", headers={"host": "localhost"})
    assert allowed.status == 200
    assert (await client.request("GET", "/health/live")).status == 200  # no browser says nothing


async def test_a_gateway_that_is_not_told_its_names_answers_by_any() -> None:
    answer = await _gateway(GatewayConfig()).request("GET", "/health/live", headers={"host": "shop.example"})
    assert answer.status == 200


async def test_nor_is_it_on_a_connection_that_is_answered_directly() -> None:
    """Heads that were allowed are known by then."""
    holder = SupergraphHolder()
    holder.replace(SUPERGRAPH)
    app = create_app(GatewayConfig(allowed_hosts=()), holder, clients=shop())
    body = b'{"query": "{ __typename }"}'
    statuses = []
    async with connected(app) as (reader, writer):
        for host in (b"localhost", b"localhost", b"localhost", b"evil.example", b"localhost"):
            writer.write(
                b"POST /graphql HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%b" % (host, len(body), body)
            )
            head = await reader.readuntil(b"\r\n\r\n")
            statuses.append(head.split()[1])
            length = head.lower().partition(b"content-length: ")[2].split()[0]
            await reader.readexactly(int(length))
    assert statuses == [b"200", b"200", b"200", b"403", b"200"]
