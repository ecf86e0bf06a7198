"""The registry's pages in a real browser: with the keyboard alone, in light and dark, asking nobody else."""

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.browser import opened
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import reviews, users

pytestmark = pytest.mark.browser

MORE = reviews("stars: Int").sdl


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
async def test_a_visitor_with_a_keyboard(
    running: RunningRegistry, color_scheme: Literal["light", "dark"]
) -> None:
    entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in (users(), reviews())]
    running.client.post("/api/graphs/shop/variants/prod/publish", {"subgraphs": entries})
    running.client.post(
        "/api/graphs/shop/variants/prod/publish", {"subgraphs": [{**entries[1], "sdl": MORE}]}
    )
    async with opened(f"{running.url}/graphs/shop/prod/schema", color_scheme=color_scheme) as browser:
        page = browser.page
        await expect(page.get_by_label("Access token")).to_be_focused()  # where one types
        await page.keyboard.insert_text(running.token)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="type User").wait_for()

        await page.get_by_label("Find types and fields").fill("text")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="type User")).not_to_be_visible()
        await expect(page.get_by_role("heading", name="type Review")).to_be_visible()

        await page.get_by_role("link", name="Subgraphs").press("Enter")
        picture = page.get_by_role("img", name="2 subgraphs; 1 pairs of them share entities")
        await picture.wait_for()
        colours = await page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        bright = [sum(int(part) for part in colour[4:-1].split(",")) for colour in colours]
        assert (bright[0] > bright[1]) == (color_scheme == "dark")

        await page.get_by_role("link", name="History").press("Enter")
        await page.get_by_role("radio", name="To version 2").press("ArrowDown")
        await page.get_by_role("radio", name="From version 1").press("ArrowUp")
        assert await unnamed(page) == []
        await page.get_by_role("button", name="Compare").press("Enter")
        await page.get_by_text("The field Review.stars was removed.").wait_for()  # from 2 to 1

        await page.get_by_role("link", name="Settings").press("Enter")
        await page.get_by_role("form", name="Checks").wait_for()
        await page.get_by_role("combobox", name="A check fails on").press("ArrowDown")
        await tab_to(page, "Excluded clients")
        await page.keyboard.insert_text("probe@*")
        await page.keyboard.press("Enter")
        await page.get_by_role("status").get_by_text("Saved.").wait_for()
        assert await page.get_by_role("textbox", name="Excluded clients").input_value() == "probe@*"
        assert await page.get_by_role("combobox", name="A check fails on").input_value() == "breaking"

        await page.get_by_role("textbox", name="Name of the variant").focus()
        await page.keyboard.insert_text("public")
        await tab_to(page, "Tags to exclude")
        await page.keyboard.insert_text("beta")
        await page.get_by_role("button", name="Try, and change nothing").press("Enter")
        await page.get_by_role("status").get_by_text("would compose").wait_for()
        await page.get_by_role("button", name="Make contract").press("Enter")
        await page.get_by_role("heading", name="Show something else").wait_for()
        await page.get_by_text("End the contract", exact=True).press("Enter")
        await page.get_by_role("button", name="End the contract shop@public").press("Enter")
        await page.get_by_role("heading", name="A new contract").wait_for()
        assert await unnamed(page) == []

        await page.get_by_role("button", name="Log out").press("Enter")
        await page.get_by_role("heading", name="Log in").wait_for()
        assert browser.troubles == []


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    field = page.get_by_role("textbox", name=name)
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await field.evaluate("field => field === document.activeElement"):
            return
    pytest.fail(f"{name} cannot be reached with the keyboard")


async def unnamed(page: Page) -> list[str]:
    """What can be used on the page, and has no name that a screen reader could say."""
    found = []
    for element in await page.locator("a, button, input:not([type=hidden]), select, summary").all():
        snapshot = await element.aria_snapshot() if await element.is_visible() else ""
        if snapshot and '"' not in snapshot and ": " not in snapshot:
            found.append(await element.evaluate("element => element.outerHTML"))
    return found
