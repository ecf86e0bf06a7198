import pytest

from plait_gateway.config import GatewayConfig, WarmUpConfig
from plait_gateway.config_file import ConfigProblem, parse_config


def test_an_empty_file_and_one_without_our_section_mean_the_defaults() -> None:
    assert parse_config(b"", "plait.yaml") == GatewayConfig()
    assert parse_config(b"dev:\n  application: a.b:c\n", "plait.yaml") == GatewayConfig()
    assert parse_config(b"gateway:\n", "plait.yaml") == GatewayConfig()


def test_everything_that_can_be_set() -> None:
    config = parse_config(
        b"""
gateway:
  host: 0.0.0.0
  port: 4001
  shutdown_seconds: 5
  allowed_hosts: [dev.example, .team.example, "*"]
  introspection: false
  headers:
    forward: [authorization, x-tenant]
  warm_up: {documents: operations, operations: 20, seconds: 3}
  override_labels:
    active: [new-titles]
    percentages: {new-levels: 12.5, percent(5): 0}
    header: x-labels
  graphiql:
    enabled: false
    default_query: "{ me { id } }"
    default_headers: {authorization: Bearer x}
    examples: ["{ you { id } }"]
  limits:
    {request_bytes: 1000, tokens: 10, fields: 20, cost: 25, list_items: 4, list_size: 3, cached_bytes: 30}
  subgraphs:
    timeout_seconds: 2
    response_bytes: 5000
    connections: 7
    deduplicate: false
    override:
      slow: {timeout_seconds: 60.5}
  subgraph_errors:
    include: [slow]
    message: Masked
    extensions: []
    service_name: false
  cors:
    origins: ["https://app.example", "http://localhost:3000"]
    credentials: true
    headers: [authorization]
    expose_headers: [x-trace]
    max_age_seconds: 0
""",
        "plait.yaml",
    )
    assert (config.host, config.port, config.shutdown_seconds) == ("0.0.0.0", 4001, 5)
    assert config.allowed_hosts == ("dev.example", ".team.example", "*")
    assert config.headers.forward == ("authorization", "x-tenant")
    assert config.introspection is False
    assert config.warm_up == WarmUpConfig(documents="operations", operations=20, seconds=3.0)
    assert config.override_labels.active == ("new-titles",)
    assert config.override_labels.percentages == {"new-levels": 12.5, "percent(5)": 0}
    assert config.override_labels.header == "x-labels"
    assert config.graphiql.enabled is False
    assert config.graphiql.default_query == "{ me { id } }"
    assert config.graphiql.examples == ("{ you { id } }",)
    assert config.graphiql.default_headers == {"authorization": "Bearer x"}
    assert (config.limits.request_bytes, config.limits.tokens, config.limits.fields) == (1000, 10, 20)
    assert config.limits.list_items == 4
    assert (config.limits.cost, config.limits.list_size, config.limits.cached_bytes) == (25, 3, 30)
    assert config.subgraphs.connections == 7
    assert config.subgraphs.deduplicate is False
    assert config.subgraphs.timeout_of("slow") == 60.5
    assert config.subgraphs.timeout_of("other") == 2.0
    assert config.subgraphs.response_bytes_of("slow") == 5000
    assert (config.subgraph_errors.includes("slow"), config.subgraph_errors.includes("x")) == (True, False)
    assert (config.subgraph_errors.message, config.subgraph_errors.extensions) == ("Masked", ())
    assert (config.cors.allows("https://app.example"), config.cors.allows("null")) == (True, False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("gatway: {}", "plait.yaml:1:1: unknown key 'gatway'; did you mean 'gateway'?"),
        ("gateway:\n  prot: 1", "plait.yaml:2:3: unknown key 'prot'; did you mean 'port'?"),
        ("gateway:\n  dev: true", "plait.yaml:2:3: unknown key 'dev'"),
        ("gateway:\n  port: '4000'", "plait.yaml:2:9: expected a whole number"),
        ("gateway:\n  port: true", "plait.yaml:2:9: expected a whole number"),
        (
            "gateway:\n  cors: {origins: ['*'], credentials: true}",
            "plait.yaml:2:9: credentials for every origin would let any page act for the user",
        ),
        (
            "gateway:\n  cors: {origins: ['https://app.example/']}",
            "plait.yaml:2:9: 'https://app.example/' is not an origin, such as https://app.example",
        ),
        ("gateway:\n  port: 70000", "plait.yaml:2:3: port 70000 is not between 0 and 65535"),
        ("gateway:\n  port: 1\n  port: 2", "plait.yaml:3:3: 'port' is set twice"),
        ("gateway:\n  host: [a]", "plait.yaml:2:9: expected a text"),
        ("gateway:\n  host: null", "plait.yaml:2:9: expected a text"),
        ("gateway: 3", "plait.yaml:1:10: expected a mapping"),
        ("- gateway", "plait.yaml:1:1: expected a mapping"),
        ("gateway:\n  headers:\n    forward: cookie", "plait.yaml:3:14: expected a list"),
        ("gateway:\n  headers:\n    forward: [Host]", "plait.yaml:3:5: the header 'Host' belongs to"),
        ("gateway:\n  warm_up: {operations: -1}", "plait.yaml:2:12: operations must not be less than 0"),
        (
            "gateway:\n  override_labels:\n    percentages: {a: 101}",
            "plait.yaml:3:5: 101 percent of requests for 'a' is not between 0 and 100",
        ),
        (
            "gateway:\n  override_labels:\n    active: [a]\n    percentages: {a: 1}",
            "plait.yaml:3:5: 'a' is active, and has a percentage; say one of them",
        ),
        (
            "gateway:\n  override_labels: {header: 'a b'}",
            "plait.yaml:2:20: 'a b' is not the name of a header",
        ),
        ("gateway:\n  limits:\n    tokens: 0", "plait.yaml:3:5: tokens must be more than 0"),
        (
            "gateway:\n  subgraphs:\n    override:\n      a: {timeout: 1}",
            "plait.yaml:4:11: unknown key 'timeout'; did you mean 'timeout_seconds'?",
        ),
        ("gateway: {", "plait.yaml:1:11: not YAML: "),
        ("gateway: *nowhere", "plait.yaml:1:10: not YAML: "),
        ("a: " + "[" * 5000, "plait.yaml:1:1: not YAML"),
        ("\x00", "plait.yaml:1:1: not YAML in UTF-8"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_where(text: str, problem: str) -> None:
    with pytest.raises(ConfigProblem) as caught:
        parse_config(text.encode(), "plait.yaml")
    assert str(caught.value).startswith(problem)
