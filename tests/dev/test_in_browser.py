"""What somebody sees who opens the URL that `plait dev` prints."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.dev.academy import Academy
from tests.dev.process import plait_dev
from tests.dev.workshop import edit
from tests.gateway.graphiql.browser import opened

pytestmark = pytest.mark.browser


async def test_the_first_query_shows_three_contexts_and_its_plan(academy: Academy, tmp_path: Path) -> None:
    with academy.running() as process:
        async with opened(process.url, shows="Academy", height=900) as browser:
            page = browser.page
            await page.get_by_role("button", name="Execute query").click()
            response = page.locator(".result-window")
            for of_learning_identity_and_gamification in ('"courseCatalog"', '"tutor"', '"xpAvailable"'):
                await expect(response).to_contain_text(of_learning_identity_and_gamification)
            await expect(response).not_to_contain_text('"errors"')

            await page.get_by_role("button", name="Show Query Plan").click()
            plan = page.get_by_role("region", name="Query plan")
            await expect(plan.get_by_role("status")).to_contain_text("from 3 subgraphs")
            for name in ("identity", "learning", "gamification"):
                await expect(plan.get_by_role("article", name=f"Fetch from {name}").first).to_be_visible()
            shot = tmp_path / "graphiql.png"
            await page.screenshot(path=shot)
            assert shot.stat().st_size > 20_000
            assert browser.troubles == []


async def test_an_edit_that_does_not_compose_is_a_banner_until_it_does(
    workshop: Path, tmp_path: Path
) -> None:
    with plait_dev(workshop, tmp_path / "data") as process:
        async with opened(process.is_ready(), shows="tools") as browser:
            banner = browser.page.locator(".plait-notices")
            await expect(banner).to_be_empty()
            schema = workshop / "workshop/stock.graphql"
            edit(schema, "left: Int!", "left: Int!\n  name: Int!")
            await expect(banner).to_contain_text("The last graph that composed is served.")
            await expect(banner).to_contain_text("FIELD_TYPE_MISMATCH")
            edit(schema, "  name: Int!\n", "")
            await expect(banner).to_be_empty()
            assert browser.troubles == []
