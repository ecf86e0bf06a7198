"""The registry's pages in a real browser: with the keyboard alone, in light and dark, asking nobody else."""

from typing import Literal

import pytest

from tests.browser import opened
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import reviews, users

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
async def test_a_visitor_with_a_keyboard(
    running: RunningRegistry, color_scheme: Literal["light", "dark"]
) -> None:
    entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in (users(), reviews())]
    running.client.post("/api/graphs/shop/variants/prod/publish", {"subgraphs": entries})
    async with opened(f"{running.url}/graphs/shop/prod/schema", color_scheme=color_scheme) as browser:
        page = browser.page
        await page.keyboard.insert_text(running.token)  # where one types is where the page says
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="type User").wait_for()

        await page.get_by_label("Filter by type or field").fill("text")
        await page.get_by_role("heading", name="type Review").wait_for()
        assert not await page.get_by_role("heading", name="type User").is_visible()

        await page.get_by_role("link", name="Subgraphs").press("Enter")
        picture = page.get_by_role("img", name="2 subgraphs; 1 pairs of them share entities")
        await picture.wait_for()
        colours = await page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        bright = [sum(int(part) for part in colour[4:-1].split(",")) for colour in colours]
        assert (bright[0] > bright[1]) == (color_scheme == "dark")

        await page.get_by_role("button", name="Log out").press("Enter")
        await page.get_by_role("heading", name="Log in").wait_for()
        assert browser.troubles == []
