"""The registry's pages, as a browser gets them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from plait_schema.registry.pages.highlighting import highlighted
from plait_schema.registry.pages.pictures.entity_graph import Entity, entities_of, entity_graph
from plait_schema.registry.pages.pictures.plot import Line, plot
from plait_schema.registry.pages.rendering import ago, duration, percent
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph
from tests.schema.registry.running import RunningRegistry, running_registry
from tests.schema.registry.shop import BROKEN, reviews, users

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PROD = "/graphs/shop/prod"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRegistry]:
    """A registry with a graph that has a history, and usage."""
    with running_registry(tmp_path_factory.mktemp("registry")) as registry:
        for subgraphs in (
            [users(), reviews()],
            [BROKEN],
            [users('"<script>alert(1)</script>" email: String')],
        ):
            publish(registry, *subgraphs)
        record = {
            "operation": {"name": "Me", "document": "query Me { me { name } }"},
            "client": {"name": "web", "version": "2"},
            "requests": 1500,
            "errors": 3,
            "from": datetime.now(UTC).isoformat(),
            "to": datetime.now(UTC).isoformat(),
            "durations": {"4": 1500},
        }
        report = {"format": "plait-usage", "version": 1, "report": "report-1", "records": [record]}
        registry.client.post("/api/graphs/shop/variants/prod/usage", report)
        yield registry


def publish(registry: RunningRegistry, *subgraphs: SubgraphSource) -> None:
    entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in subgraphs]
    registry.client.post("/api/graphs/shop/variants/prod/publish", {"subgraphs": entries})


class Visitor:
    """Somebody with cookies."""

    def __init__(self, registry: RunningRegistry) -> None:
        self.url = registry.url
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self.url + path))

    def post(self, path: str, *, origin: str | None = None, **fields: str) -> tuple[int, str]:
        headers = {"origin": origin or self.url}
        return self._ask(Request(self.url + path, urlencode(fields).encode(), headers))

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=120) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def visitor(running: RunningRegistry) -> Visitor:
    return Visitor(running)


@pytest.fixture
def admin(running: RunningRegistry) -> Visitor:
    visitor = Visitor(running)
    assert visitor.post("/login", secret=running.token)[0] == 200
    return visitor


def test_who_is_not_logged_in_is_asked_for_a_token(visitor: Visitor) -> None:
    status, text = visitor.get(f"{PROD}/schema")
    assert status == 200
    assert f'name="to" value="{PROD}/schema"' in text
    assert visitor.post("/login", secret="plait_wrong")[0] == 401
    assert "Access token" in visitor.get("/")[1]


def test_logging_in_leads_back_to_this_site_alone(running: RunningRegistry, visitor: Visitor) -> None:
    assert "shop@prod" in visitor.post("/login", secret=running.token, to=f"{PROD}/history")[1]
    (cookie,) = visitor.cookies
    assert cookie.has_nonstandard_attr("HttpOnly")
    other = Visitor(running)
    assert "<h1>Graphs</h1>" in other.post("/login", secret=running.token, to="//evil.example")[1]
    assert "Access token" in visitor.post("/logout")[1]
    assert "Access token" in visitor.get("/")[1]


def test_every_page_shows_what_it_is_about(admin: Visitor) -> None:
    for path, shown in (
        ("/", "shop@prod"),
        (PROD, 'aria-label="2 subgraphs; 1 pairs of them share entities"'),
        (f"{PROD}/schema", '<span class="owner">reviews</span>'),
        (f"{PROD}/schema", "1,500"),
        (f"{PROD}/schema?q=review+TEXT", "1 of 3 types"),
        (f"{PROD}/schema?q=nothing&page=9", "No type has all these words"),
        (f"{PROD}/schema/Query", '<a href="/graphs/shop/prod/schema/User"><code>User</code></a>'),
        (f"{PROD}/schema/Review/text", "resolves it"),
        (f"{PROD}/schema/User/name", '<span class="owner">web'),
        (f"{PROD}/subgraphs/reviews", '<span class="k">extend</span>'),
        (f"{PROD}/settings", "30d when left out"),
        (f"{PROD}/history", '<span class="state refused">refused</span>'),
        (f"{PROD}/history/2", "error INVALID_GRAPHQL"),
        (f"{PROD}/history/3", '<span class="added">+'),
        (f"{PROD}/history", 'aria-label="From version 1"'),
        (f"{PROD}/compare?from=1&to=3", '<span class="state safe">1 safe</span>'),
        (f"{PROD}/compare?from=1&to=3", "plait diff shop@prod:1 shop@prod:3"),
        (f"{PROD}/compare?from=2&to=3", "Not both of them compose"),
        (f"{PROD}/compare?from=3&to=3", "Nothing is different"),
        (f"{PROD}/operations", "0.2 %"),
        (
            f"{PROD}/operations?q=NAME+web&sort=p95",
            'aria-sort="descending"><a href="?sort=p95&amp;q=NAME%20web"',
        ),
        (f"{PROD}/operations?q=nothing", "No operation has all these words"),
        (f"{PROD}/clients", "web"),
        ("/tokens", "admin:*@*"),
    ):
        status, text = admin.get(path)
        assert status == 200, path
        assert shown in text, path
    operation = re.findall(r'href="([^"]+/operations/[0-9a-f]{64})"', admin.get(f"{PROD}/operations")[1])[0]
    assert '<span class="k">query</span>' in admin.get(operation)[1]


def test_a_large_schema_is_a_list_of_types_in_pages(admin: Visitor, running: RunningRegistry) -> None:
    types = "".join(f"type Thing{number} {{ id: ID! }} " for number in range(450))
    fields = " ".join(f"thing{number}: Thing{number}" for number in range(450))
    entry = {"name": "all", "routingUrl": "http://all", "sdl": f"type Query {{ {fields} }} {types}"}
    running.client.post("/api/graphs/large/variants/prod/publish", {"subgraphs": [entry]})
    first, last = (admin.get(f"/graphs/large/prod/schema{query}")[1] for query in ("", "?page=9"))
    assert ("451 of 451 types, page 1 of 3" in first, "Later types" in first) == (True, True)
    assert ("page 3 of 3" in last, "Later types" in last, 'schema/Thing99"' in last) == (True, False, True)
    assert len(first) < 100_000
    assert '<section class="type" id="Thing44">' in admin.get("/graphs/large/prod/schema?q=Thing44")[1]
    assert admin.get("/graphs/large/prod/schema/Thing450")[0] == 404


def test_contracts_and_settings_are_shown(admin: Visitor, running: RunningRegistry) -> None:
    client = running.client
    client.put("/api/graphs/shop/variants/public/contract", {"source": "prod", "exclude": ["beta"]})
    client.put("/api/graphs/shop/variants/prod/check-settings", {"includedVariants": ["shop@public"]})
    assert "contract of prod" in admin.get("/")[1]
    settings = admin.get(f"{PROD}/settings")[1]
    assert '<a href="/graphs/shop/public/settings">shop@public</a>' in settings
    assert 'value="shop@public"' in settings
    assert "follows each version of it" in admin.get("/graphs/shop/public/settings")[1]
    assert "includedVariants" in admin.get("/tokens")[1]


def test_settings_are_said_in_a_form(admin: Visitor, running: RunningRegistry) -> None:
    assert admin.get(f"{PROD}/settings")[1].count("<select") > 20
    said = {
        "fail_on": "dangerous",
        "usage_window": "2w",
        "minimum_requests": "10",
        "minimum_percentage": "0.5",
        "maximum_cost": "50000",
        "list_size": "20",
        "excluded_clients": "probe@*, load",
        "approved_tags": "beta",
        "only_approved_tags": "yes",
        "lint.TYPE_SUFFIX": "off",
        "lint.UNUSED_FIELDS": "error",
    }
    assert "Saved." in admin.post(f"{PROD}/settings", **said)[1]
    kept = running.client.get("/api/graphs/shop/variants/prod/check-settings")
    assert kept == {
        "failOn": "dangerous",
        "windowSeconds": 14 * 86_400,
        "minimumRequests": 10,
        "minimumPercentage": 0.5,
        "excludedClients": ["probe@*", "load"],
        "includedVariants": [],
        "maximumCost": 50_000,
        "listSize": 20,
        "lint": {"TYPE_SUFFIX": "off", "UNUSED_FIELDS": "error"},
        "approvedTags": ["beta"],
    }
    shown = admin.get(f"{PROD}/settings")[1]
    assert 'value="14d"' in shown
    assert 'value="probe@* load"' in shown
    assert 'value="50000"' in shown
    assert '<option value="dangerous" selected>' in shown
    assert "check-settings" in admin.get("/tokens")[1]
    assert "Saved." in admin.post(f"{PROD}/settings")[1]
    kept = running.client.get("/api/graphs/shop/variants/prod/check-settings")
    assert (kept["failOn"], kept["lint"], kept["approvedTags"]) == (None, {}, None)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("fail_on", "everything", "Fail on: this is one of breaking, dangerous, warning, nothing."),
        ("usage_window", "soon", "Usage window: write a span as 7d, 12h or 4w, of ten years at most."),
        ("usage_window", "0d", "Usage window: "),
        ("minimum_requests", "-1", "Minimum requests: write a number from 0 to "),
        ("minimum_requests", "1.5", "Minimum requests: write a whole number."),
        ("maximum_cost", "0.5", "Maximum cost: write a whole number."),
        ("minimum_percentage", "nan", "Minimum percentage: write a number from 0 to 100."),
        ("included_variants", "shop@nowhere", "shop@nowhere"),
        ("included_variants", "8", "cannot name a graph"),
        ("lint.TYPE_SUFFIX", "fatal", "TYPE_SUFFIX is error, warning or off."),
    ],
)
def test_settings_that_cannot_be_are_shown_again(
    admin: Visitor, running: RunningRegistry, field: str, value: str, told: str
) -> None:
    kept = running.client.get("/api/graphs/shop/variants/prod/check-settings")
    status, text = admin.post(f"{PROD}/settings", **{field: value, "excluded_clients": "typed-before"})
    assert status in (400, 404)
    assert told in text
    assert 'value="typed-before"' in text
    assert running.client.get("/api/graphs/shop/variants/prod/check-settings") == kept


def test_contracts_are_made_tried_changed_and_ended(admin: Visitor, running: RunningRegistry) -> None:
    form = {"name": "partners", "exclude": "beta"}
    assert "shop@partners would compose" in admin.post(f"{PROD}/contracts", do="try", **form)[1]
    assert admin.get("/graphs/shop/partners")[0] == 404
    assert "follows each version of it" in admin.post(f"{PROD}/contracts", do="make", **form)[1]
    changed = {"name": "partners", "exclude": "beta internal", "hide_unreachable_types": "yes"}
    assert "<dd>hidden</dd>" in admin.post(f"{PROD}/contracts", do="make", **changed)[1]
    for wrong, told in (
        ({"name": "", "exclude": "beta"}, "Name: this must be filled in."),
        ({"name": "8", "exclude": "beta"}, "cannot name a variant"),
        ({"name": "partners"}, "includes and excludes nothing"),
        ({"name": "partners", "include": "a", "exclude": "a"}, "the tag a"),
        ({"name": "prod", "exclude": "beta"}, "another variant of the same graph"),
    ):
        status, text = admin.post(f"{PROD}/contracts", do="make", **wrong)
        assert status >= 400, wrong
        assert f'value="{wrong["name"]}"' in text
        assert told in text
    assert "Excluded clients" in admin.post("/graphs/shop/partners/contract/end")[1]
    assert running.client.get("/api/graphs/shop/variants/partners")["contract"] is None
    audited = admin.get("/tokens")[1]
    assert "contract-end" in audited


def test_what_a_token_does_not_allow_is_neither_offered_nor_done(
    admin: Visitor, running: RunningRegistry
) -> None:
    body = {"name": "looks", "scopes": ["read:shop@*"]}
    secret = running.client.post("/api/tokens", body)["secret"]
    reader = Visitor(running)
    reader.post("/login", secret=secret)
    settings = reader.get(f"{PROD}/settings")[1]
    assert "<td>30 days</td>" in settings
    assert "<select" not in settings
    assert "A new contract" not in settings
    for path, fields in (
        ("/settings", {"fail_on": "nothing"}),
        ("/contracts", {"name": "mine", "exclude": "beta", "do": "make"}),
        ("/contract/end", {}),
        ("/checks/1/approve", {"fingerprint": "0123456789abcdef", "reason": "x"}),
        ("/approvals/withdraw", {"fingerprint": "0123456789abcdef"}),
        ("/history/1/rollback", {}),
    ):
        assert reader.post(PROD + path, **fields)[0] == 403, path
        assert admin.post(PROD + path, origin="http://evil.example", **fields)[0] == 403, path
    assert running.client.get("/api/graphs/shop/variants/prod/check-settings")["failOn"] is None


def test_findings_are_approved_until_a_day_and_approvals_withdrawn(
    admin: Visitor, running: RunningRegistry
) -> None:
    gone = users().sdl.replace("name: String", "")
    path = "/api/graphs/shop/variants/prod"
    answer = running.client.post(f"{path}/checks", {"subgraph": "users", "sdl": gone, "settings": {}})
    check = f"{PROD}/checks/{answer['number']}"
    (removed,) = (
        finding["fingerprint"]
        for section in answer["report"]["sections"]
        for finding in section["findings"]
        if finding["code"] == "FIELD_REMOVED" and finding["coordinate"] == "User.name"
    )
    approval = {"fingerprint": removed, "reason": "nobody asks", "until": "2999-12-31"}
    assert "a day as 2030-12-31" in admin.post(f"{check}/approve", **{**approval, "until": "soon"})[1]
    assert "must be filled in" in admin.post(f"{check}/approve", **{**approval, "reason": " "})[1]
    assert "until 2999-12-31: nobody asks" in admin.post(f"{check}/approve", **approval)[1]
    assert "Withdraw" in admin.get(f"{PROD}/checks")[1]
    assert "Withdraw" not in admin.post(f"{PROD}/approvals/withdraw", fingerprint=removed)[1]
    assert running.client.get(f"{path}/approvals") == {"approvals": []}


def test_webhooks_are_made_tested_and_removed(admin: Visitor) -> None:
    fields = {"name": "chat", "url": "https://chat.invalid/secret", "of": "other@*", "form": "slack"}
    assert "say what it is to hear of" in admin.post("/webhooks", **fields)[1]
    made = admin.post("/webhooks", **fields, events="check_failed")[1]
    assert "whsec_" in made
    webhook = re.findall(r'href="/webhooks/(\w+)">chat<', made)[0]
    page = admin.post(f"/webhooks/{webhook}/test")[1]
    assert ("chat.invalid" in page, "/secret" in page) == (True, False)
    (delivery,) = re.findall(r"/again/(\d+)", page)
    assert admin.post(f"/webhooks/{webhook}/again/{delivery}")[0] == 200
    assert admin.post(f"/webhooks/{webhook}/remove", origin="http://evil.example")[0] == 403
    assert "There are none" in admin.post(f"/webhooks/{webhook}/remove")[1]
    assert admin.get(f"/webhooks/{webhook}")[0] == 404


def test_what_somebody_published_is_text(admin: Visitor) -> None:
    for path in ("/schema", "/history/3"):
        text = admin.get(PROD + path)[1]
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_version_can_be_served_again(admin: Visitor, running: RunningRegistry) -> None:
    assert "Serve this version again" in admin.get(f"{PROD}/history/1")[1]
    assert admin.post(f"{PROD}/history/1/rollback", origin="http://evil.example")[0] == 403
    assert admin.post(f"{PROD}/history/1/rollback")[0] == 200
    served = running.client.get("/api/graphs/shop/variants/prod")["serving"]
    assert running.client.get(f"/api/graphs/shop/variants/prod/versions/{served}")["cause"] == "rollback"
    assert admin.post(f"{PROD}/history/3/rollback")[0] == 200


def test_tokens_are_made_and_revoked(admin: Visitor, running: RunningRegistry) -> None:
    made = admin.post("/tokens", name="reader", scopes="read:shop@prod")[1]
    secret = re.findall(r"<code>(plait_[^<]+)</code>", made)[0]
    assert "no permission" in admin.post("/tokens", name="x", scopes="fly")[1]
    assert "Days: write a number" in admin.post("/tokens", name="x", scopes="read", days="-1")[1]
    assert "until 20" in admin.post("/tokens", name="for a week", scopes="check:shop@*", days="7")[1]
    reader = Visitor(running)
    assert reader.post("/login", secret=secret)[0] == 200
    assert reader.get(PROD)[0] == 200
    assert reader.get("/tokens")[0] == 403
    assert reader.post(f"{PROD}/history/1/rollback")[0] == 403
    assert "Serve this version again" not in reader.get(f"{PROD}/history/1")[1]
    row = next(row for row in admin.get("/tokens")[1].split("<tr>") if ">reader<" in row)
    number = re.findall(r"/tokens/(\d+)/revoke", row)[0]
    admin.post(f"/tokens/{number}/revoke")
    assert "Access token" in reader.get(PROD)[1]


def test_what_is_not_there_is_a_page_too(admin: Visitor) -> None:
    unknown = ("/graphs/shop/none", f"{PROD}/history/99", f"{PROD}/operations/{'0' * 64}", "/nowhere")
    for path in unknown:
        status, text = admin.get(path)
        assert (status, "<h1>NOT_FOUND</h1>" in text) == (404, True), path


def test_pages_let_nothing_in_from_elsewhere(running: RunningRegistry) -> None:
    with build_opener().open(f"{running.url}/login", timeout=120) as response:
        assert "default-src 'self'" in response.headers["content-security-policy"]


def test_graphql_is_highlighted_as_far_as_it_goes() -> None:
    text = 'type A { # note\n  b(c: Int = 1): String @d\n}\n"x"'
    assert highlighted(text) == (
        '<span class="k">type</span> <span class="t">A</span> { <span class="c"># note</span>\n'
        '  b(c: <span class="t">Int</span> = <span class="n">1</span>): <span class="t">String</span> '
        '<span class="d">@</span><span class="d">d</span>\n}\n<span class="s">&#34;x&#34;</span>'
    )
    assert highlighted("a < ") == "a &lt; "


def test_plots_have_gaps_where_nothing_is_known() -> None:
    times = [NOW + timedelta(hours=hour) for hour in range(5)]
    picture = plot("Load", times, [Line("all", "calm", [1, 2, None, 4000, None])])
    assert picture.count("<polyline") == 2
    assert "Load: all 4k at the end, at most 4k" in picture


def test_entities_join_subgraphs() -> None:
    supergraph = read_supergraph((Path(__file__).parents[2] / "gateway" / "shop.graphql").read_text())
    picture = entity_graph(supergraph.subgraphs, entities_of(supergraph))
    assert picture.count('<circle class="subgraph"') == len(supergraph.subgraphs)
    assert "share Product" in picture
    assert ">Product</text>" in picture
    crowd = [f"subgraph-{number}" for number in range(40)]
    crowded = entity_graph(crowd, [Entity("User", dict.fromkeys(crowd[:2], ("id",)))])
    assert crowded.count("rotate(") == len(crowd)
    assert "<title>subgraph-1: 1 entity</title>" in crowded
    assert ">subgraph-with-a-lon…<title>subgraph-with-a-long-name</title>" in entity_graph(
        ["subgraph-with-a-long-name"], []
    )


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "never"), (0, "just now"), (70, "1 minute ago"), (7300, "2 hours ago"), (172_800, "2 days ago")],
)
def test_times_for_people(seconds: int | None, told: str) -> None:
    assert ago(None if seconds is None else NOW - timedelta(seconds=seconds), NOW) == told


def test_numbers_for_people() -> None:
    assert [duration(one) for one in (None, 0.00812, 1.25)] == ["-", "8.12 ms", "1.25 s"]
    assert [percent(one) for one in (0.0, 0.002, 1.0)] == ["0 %", "0.2 %", "100 %"]
