"""Who is asked for a field that is moving, request by request."""

import asyncio
from collections import Counter
from collections.abc import Callable

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig, OverrideLabelsConfig
from plait_gateway.pipeline import DecideLabels, GraphQLRequest, labels_by_configuration
from plait_gateway.supergraph import SupergraphHolder
from plait_schema.composition import compose
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.subgraph_app import subgraph_app
from tests.schema.query_graph.graphs import sources

TITLES = "{ course { title level } }"


def client(
    config: OverrideLabelsConfig | None = None,
    decide: DecideLabels | None = None,
    *,
    deduplicate: bool = False,
) -> AsgiClient:
    """Courses whose title moves by a name, and whose level moves by a percentage."""
    sdl = compose(
        sources(
            old="""
                type Query { course: Course other: Int }
                type Course @key(fields: "id") { id: ID! title: String level: String }
            """,
            new="""
                type Course @key(fields: "id") {
                  id: ID!
                  title: String @override(from: "old", label: "new-titles")
                  level: String @override(from: "old", label: "percent(25)")
                }
            """,
        )
    ).supergraph_sdl
    assert sdl is not None
    holder = SupergraphHolder()
    assert holder.replace(sdl) == ()
    course = "type Course { id: ID! title: String level: String }"
    old = {"id": "1", "title": "old", "level": "old"}
    apps = {
        "old": subgraph_app(
            "type Query { course: Course other: Int } " + course,
            {"Query.course": lambda *_: old, "Query.other": lambda *_: 1, "Entity.Course": lambda _: old},
        ),
        "new": subgraph_app(course, {"Entity.Course": lambda item: {**item, "title": "new", "level": "new"}}),
    }
    settings = GatewayConfig(override_labels=config or OverrideLabelsConfig(), deduplicate=deduplicate)
    return AsgiClient(create_app(settings, holder, clients=apps, decide_labels=decide))


async def owners(client: AsgiClient, headers: dict[str, str] | None = None) -> tuple[str, str]:
    """Who answered for the title, and for the level."""
    course = (await client.graphql(TITLES, headers=headers)).json["data"]["course"]
    return course["title"], course["level"]


def drawing(*numbers: float) -> Callable[[], float]:
    pending = list(numbers)
    return lambda: pending.pop(0)


async def test_percentages_are_decided_for_each_request_and_named_labels_are_off() -> None:
    decide = labels_by_configuration(OverrideLabelsConfig(), drawing(0.0, 0.2499, 0.25, 0.99))
    gateway = client(decide=decide)
    assert [await owners(gateway) for _ in range(4)] == [
        ("old", "new"),
        ("old", "new"),
        ("old", "old"),
        ("old", "old"),
    ]


async def test_requests_are_spread_as_the_label_says() -> None:
    gateway = client()
    seen = Counter([(await owners(gateway))[1] for _ in range(400)])
    assert 40 < seen["new"] < 180  # 25 percent: less likely to fail than a bit is to flip


async def test_the_configuration_decides_named_labels_and_may_overrule_percentages() -> None:
    config = OverrideLabelsConfig(active=("new-titles",), percentages={"percent(25)": 100})
    assert await owners(client(config)) == ("new", "new")
    config = OverrideLabelsConfig(percentages={"new-titles": 50, "percent(25)": 0})
    gateway = client(decide=labels_by_configuration(config, drawing(0.49, 0.5)))
    assert [await owners(gateway), await owners(gateway)] == [("new", "old"), ("old", "old")]


async def test_a_request_may_say_so_only_where_the_operator_allows_it() -> None:
    config = OverrideLabelsConfig(active=("new-titles",), percentages={"percent(25)": 0}, header="X-Labels")
    gateway = client(config)
    assert await owners(gateway) == ("new", "old")
    assert await owners(gateway, {"x-labels": "percent(25), unknown"}) == ("old", "new")
    assert await owners(gateway, {"x-labels": ""}) == ("old", "old")
    refusing = client(OverrideLabelsConfig(percentages={"percent(25)": 0}))
    assert await owners(refusing, {"x-labels": "new-titles"}) == ("old", "old")


async def test_requests_with_other_labels_do_not_share_an_answer() -> None:
    gateway = client(OverrideLabelsConfig(header="x-labels"), deduplicate=True)
    both = await asyncio.gather(
        *(owners(gateway, {"x-labels": one}) for one in ("new-titles", "percent(25)"))
    )
    assert both == [("new", "old"), ("old", "new")]


async def test_an_own_function_may_decide_and_is_asked_for_labels_that_matter_only() -> None:
    asked: list[frozenset[str]] = []

    def decide(request: GraphQLRequest, labels: frozenset[str]) -> frozenset[str]:
        asked.append(labels)
        return labels if "title" in request.query else frozenset()

    gateway = client(decide=decide)
    assert await owners(gateway) == ("new", "new")
    await gateway.graphql("{ course { level } }")
    await gateway.graphql("{ other }")
    assert asked == [frozenset({"new-titles", "percent(25)"}), frozenset({"percent(25)"})]
