"""Usage: which requests are counted, as whose, and as what."""

from plait_gateway.config import GatewayConfig, UsageConfig
from plait_gateway.usage import UsageRecorder
from tests.gateway.app.conftest import Gateway
from tests.gateway.shop import ACROSS

CLIENT = {"apollographql-client-name": "web", "apollographql-client-version": "1.2"}


async def test_answers_are_counted_by_operation_and_client(gateway: Gateway) -> None:
    usage = UsageRecorder()
    client = gateway(usage=usage)
    await client.graphql(f"query Shop {ACROSS}", headers=CLIENT)
    await client.graphql(f"query Shop {ACROSS} # again", headers=CLIENT)
    await client.graphql("{ __typename }")
    await client.graphql("{ unknown }")  # breaks already
    first, second = sorted(usage.take(), key=lambda one: -one.requests)
    assert (first.name, first.client, first.client_version, first.requests) == ("Shop", "web", "1.2", 2)
    assert sum(first.durations.values()) == 2
    assert first.document == "query Shop { products { name left } }"
    assert (second.document, second.client, second.errors) == ("{ __typename }", "", 0)


async def test_responses_with_errors_are_told_apart(gateway: Gateway) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    usage = UsageRecorder()
    answer = await gateway(usage=usage, stock=broken).graphql(ACROSS)
    assert answer.json["errors"]
    assert [(one.requests, one.errors) for one in usage.take()] == [(1, 1)]


async def test_clients_may_name_themselves_in_other_headers(gateway: Gateway) -> None:
    usage = UsageRecorder()
    config = GatewayConfig(
        usage=UsageConfig(client_name_header="X-Client", client_version_header="X-Version")
    )
    await gateway(config, usage=usage).graphql(ACROSS, headers={"x-client": "ios", "x-version": "7"})
    assert [(one.client, one.client_version) for one in usage.take()] == [("ios", "7")]
