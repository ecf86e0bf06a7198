"""/metrics: what Prometheus reads."""

import re
from collections.abc import Mapping

from plait_gateway.config import GatewayConfig, MetricsConfig
from plait_gateway.executor.program import Counters
from plait_gateway.metrics import Metric, Sample, written
from plait_gateway.metrics.executions import execution_metrics
from plait_gateway.metrics.histogram import BOUNDARIES, Histogram
from tests.gateway.app.conftest import Gateway
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.shop import ACROSS

COUNTING = GatewayConfig(metrics=MetricsConfig(enabled=True), deduplicate=True)

_LINE = re.compile(r'([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)')


async def counted(client: AsgiClient) -> Mapping[str, float]:
    """Every sample by its name and labels; each line is one, or belongs to the metric above it."""
    answer = await client.request("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: dict[str, float] = {}
    told = ""
    for line in answer.body.decode().splitlines():
        if line.startswith("# HELP "):
            told = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line.split()[2] == told
        else:
            match = _LINE.fullmatch(line)
            assert match is not None, line
            assert match[1].startswith(told)
            assert f"{match[1]}{match[2] or ''}" not in found
            found[f"{match[1]}{match[2] or ''}"] = float(match[3])
    return found


async def test_what_requests_do_is_counted(gateway: Gateway) -> None:
    client = gateway(COUNTING)
    for _ in range(3):
        await client.graphql(ACROSS)
    await client.graphql("{ nonsense }")
    found = await counted(client)
    assert found['http_server_request_duration_seconds_count{http_response_status_code="200"}'] == 3
    assert found['http_server_request_duration_seconds_count{http_response_status_code="400"}'] == 1
    assert found['plait_cache_lookups_total{cache="documents",result="hit"}'] == 2
    assert found['plait_cache_lookups_total{cache="documents",result="miss"}'] == 2
    assert found['plait_cache_entries{cache="plans"}'] == 1
    assert found['plait_cache_bytes{cache="plans"}'] > 0
    assert found['plait_executions_total{by="interpreter"}'] == 1
    assert found['plait_executions_total{by="program"}'] == 2
    assert found["plait_programs_compiled_total"] == 1
    assert found['plait_subgraph_requests_total{subgraph="products"}'] == 3
    assert found['plait_subgraph_requests_total{subgraph="stock"}'] == 3
    assert found["plait_requests_shared_total"] == 0
    assert found["plait_plans_with_notice_total"] == 0


async def test_nothing_is_told_unless_that_is_wanted(gateway: Gateway) -> None:
    assert (await gateway().request("GET", "/metrics")).status == 404


async def test_only_get_is_served(gateway: Gateway) -> None:
    assert (await gateway(COUNTING).request("POST", "/metrics")).status == 405


def test_plans_that_may_be_dearer_than_needed_are_counted() -> None:
    told = written([*execution_metrics(Counters(plans_with_notice=2))])
    assert "\nplait_plans_with_notice_total 2\n" in told


def test_labels_hold_any_text() -> None:
    metric = Metric("a", "gauge", "What it is.", (Sample(2, {"b": 'x"\\\n'}), Sample(0.1, {})))
    assert written([metric]) == '# HELP a What it is.\n# TYPE a gauge\na{b="x\\"\\\\\\n"} 2\na 0.1\n'


def test_buckets_of_a_histogram_are_cumulative() -> None:
    histogram = Histogram()
    for seconds in (0.001, BOUNDARIES[0], 0.3, 99):
        histogram.observe(seconds)
    parts = {sample.suffix + sample.labels.get("le", ""): sample.value for sample in histogram.samples({})}
    assert parts["_bucket0.005"] == 2
    assert parts["_bucket0.25"] == 2
    assert parts["_bucket0.5"] == 3
    assert parts["_bucket+Inf"] == parts["_count"] == 4
    assert parts["_sum"] == 0.001 + 0.005 + 0.3 + 99
