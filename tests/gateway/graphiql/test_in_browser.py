"""What a person does in GraphiQL, done by a headless Chromium against the real gateway."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from plait_schema.diagnostics import Diagnostic, Location, Severity
from tests.browser import Browser
from tests.gateway.graphiql.conftest import RunningGateway
from tests.gateway.shop import SUPERGRAPH

pytestmark = pytest.mark.browser

MISMATCH = Diagnostic(
    code="FIELD_TYPE_MISMATCH",
    severity=Severity.ERROR,
    message="The type of Product.name is String! in products and Int in stock.",
    coordinate="Product.name",
    subgraphs=("products", "stock"),
    locations=(Location("products", "products.graphql", 12, 3), Location("stock", None, 40, 5)),
    fix="Give Product.name the same type in both.",
)
HINT = Diagnostic(
    code="INCONSISTENT_DESCRIPTION",
    severity=Severity.HINT,
    message="Product is described in two ways.",
    coordinate="Product",
    subgraphs=("products", "stock"),
)


async def _run(page: Page) -> Locator:
    await page.get_by_role("button", name="Execute query").click()
    response = page.locator(".result-window")
    await expect(response).to_contain_text('"Spade"')
    return response


async def _open_plan(page: Page) -> Locator:
    await page.get_by_role("button", name="Show Query Plan").click()
    return page.get_by_role("region", name="Query plan")


async def test_the_default_query_its_data_and_its_plan(
    browser: Browser, color_scheme: str, tmp_path: Path
) -> None:
    page = browser.page
    response = await _run(page)
    await expect(response).to_contain_text('"left": 3')
    await expect(response).not_to_contain_text("extensions")

    plan = await _open_plan(page)
    await expect(plan.get_by_role("status")).to_have_text(
        "Overview: 2 fetches from 2 subgraphs in 2 round trips"
    )
    steps = plan.get_by_role("list", name="one after another").get_by_role("article")
    await expect(steps).to_have_count(2)
    await expect(steps.nth(0)).to_have_accessible_name("Fetch from products")
    await expect(steps.nth(1)).to_have_accessible_name("Fetch from stock")
    await expect(steps.nth(1)).to_contain_text("products[]")

    operation = steps.nth(1).get_by_text("_entities(")
    await expect(operation).not_to_be_visible()
    await plan.get_by_role("button", name="Show all operations").click()
    await expect(operation).to_be_visible()
    shot = tmp_path / f"plan-{color_scheme}.png"
    await page.screenshot(path=shot)
    assert shot.stat().st_size > 20_000
    assert browser.troubles == []


async def test_the_plan_by_keyboard(browser: Browser) -> None:
    page = browser.page
    await _run(page)
    await page.get_by_role("button", name="Show Query Plan").focus()
    await page.keyboard.press("Enter")
    plan = page.get_by_role("region", name="Query plan")
    await plan.get_by_role("button", name="Show all operations").focus()
    await page.keyboard.press("Tab")
    await expect(plan.locator("summary").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(plan.get_by_role("article").first.locator("pre")).to_be_visible()
    await page.keyboard.press("Space")
    await expect(plan.get_by_role("article").first.locator("pre")).not_to_be_visible()
    assert browser.troubles == []


async def test_what_was_typed_is_executed_before_graphiql_knows_its_name(browser: Browser) -> None:
    page = browser.page
    response = await _run(page)
    await page.locator(".graphiql-query-editor .view-lines").click()
    await page.keyboard.press("ControlOrMeta+A")
    execute = await page.get_by_role("button", name="Execute query").element_handle()
    typed = "document.execCommand('insertText', false, 'query Other { __typename }')"
    await page.evaluate(f"execute => {{ {typed}; execute.click(); }}", execute)
    await expect(response).to_contain_text('"__typename": "Query"')
    assert browser.troubles == []


async def test_plans_are_shown_in_the_response_or_not_asked_for_at_all(browser: Browser) -> None:
    page = browser.page
    plan = await _open_plan(page)
    await expect(plan).to_contain_text("Run an operation")

    await plan.get_by_label("Show the plan in the response too").check()
    await expect(await _run(page)).to_contain_text('"queryPlan"')

    await plan.get_by_label("Ask the gateway for plans").uncheck()
    await expect(plan).to_contain_text("No plans are asked for.")
    async with page.expect_request(lambda request: request.method == "POST") as asked:
        await page.get_by_role("button", name="Execute query").click()
    assert "plait-expose-query-plan" not in (await asked.value).headers
    await expect(page.locator(".result-window")).not_to_contain_text('"queryPlan"')
    assert browser.troubles == []


async def test_headers_of_the_settings_stand_in_the_editor_and_are_sent(browser: Browser) -> None:
    await expect(browser.page.get_by_role("region", name="Headers")).to_contain_text("from-the-page")
    await expect(await _run(browser.page)).to_contain_text("x-request-id=from-the-page")
    assert browser.troubles == []


async def test_a_notice_comes_and_goes(
    browser: Browser, gateway: RunningGateway, color_scheme: str, tmp_path: Path
) -> None:
    page = browser.page
    banner = page.locator(".plait-notices")
    await expect(banner).to_have_attribute("aria-live", "polite")
    await expect(banner).to_be_empty()

    gateway.notices.show([MISMATCH, HINT])
    await expect(banner).to_contain_text("1 error in the schemas. The last graph that composed is served.")
    for part in (
        "FIELD_TYPE_MISMATCH",
        "Product.name",
        MISMATCH.message,
        "products products.graphql:12:3",
        "stock 40:5",
        "Give Product.name the same type in both.",
    ):
        await expect(banner.get_by_role("group").first).to_contain_text(part)
    await expect(banner.get_by_text(HINT.message)).not_to_be_visible()
    await banner.get_by_text("1 hint about the graph").click()
    await expect(banner.get_by_text(HINT.message)).to_be_visible()
    shot = tmp_path / f"notices-{color_scheme}.png"
    await page.screenshot(path=shot)
    assert shot.stat().st_size > 20_000

    gateway.notices.show([])
    await expect(banner).to_be_empty()
    assert browser.troubles == []


async def test_another_supergraph_is_introspected_without_a_reload(
    browser: Browser, gateway: RunningGateway
) -> None:
    page = browser.page
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = page.get_by_role("region", name="Documentation Explorer")
    await docs.get_by_role("link", name="Query").click()
    await expect(docs).to_contain_text("whoAmI")

    changed = SUPERGRAPH.replace("whoAmI: String", "whoAreYou: String")
    assert gateway.supergraph.replace(changed) == ()
    await expect(docs).to_contain_text("whoAreYou")
    await expect(docs).not_to_contain_text("whoAmI")
    assert browser.troubles == []


async def test_a_gateway_that_is_gone_is_said_to_be(browser: Browser, gateway: RunningGateway) -> None:
    """The browser complains of it too, so that its console is not looked at here."""
    page = browser.page
    await _run(page)
    gateway.server.should_exit = True
    await expect(page.locator(".plait-notices")).to_contain_text("The gateway does not answer.")
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.locator(".result-window")).to_contain_text("Is the gateway running?")
