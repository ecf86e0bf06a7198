"""What somebody sees who opens the URL that `plait dev` prints."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import opened
from tests.dev.academy import Academy
from tests.dev.process import plait_dev
from tests.dev.workshop import edit
from tests.gateway.graphiql.browser import opened as opened_graphiql

pytestmark = [pytest.mark.browser, pytest.mark.long]


async def test_the_first_query_shows_three_contexts_and_its_plan(academy: Academy, tmp_path: Path) -> None:
    with academy.running() as process:
        async with opened_graphiql(process.url, shows="Academy", height=900) as browser:
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
            await page.get_by_label("Ask as").select_option("student")
            await page.get_by_role("tab", name="MyDashboard").click()
            await page.locator(".graphiql-query-editor").get_by_text("MyDashboard").wait_for()
            await page.get_by_role("button", name="Execute query").click()
            await expect(response).to_contain_text("Aisha Rahman")
            shot = tmp_path / "graphiql.png"
            await page.screenshot(path=shot)
            assert shot.stat().st_size > 20_000
            assert browser.troubles == []


async def test_mails_are_read_and_their_links_followed_without_a_mouse(
    academy: Academy, tmp_path: Path
) -> None:
    with academy.running() as process:
        mails = process.says("Mails").split()[1]
        async with opened(f"{mails}?q=invoice", color_scheme="dark") as browser:
            page = browser.page
            first = page.locator("tbody a").first
            subject = await first.text_content() or "nothing"
            for _ in range(7):  # skip, home, GraphiQL, the three of the search, the first mail
                await page.keyboard.press("Tab")
            await expect(first).to_be_focused()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", level=1)).to_have_text(subject)
            await expect(page.get_by_label("As text")).to_contain_text(subject.split()[1])
            link = page.frame_locator("iframe").get_by_role("link").first
            await link.press("Enter")
            run = page.get_by_role("button", name="Run")
            await expect(run).to_be_enabled()
            await run.press("Enter")
            await expect(page.get_by_role("status")).to_contain_text(subject.split()[1])
            shot = tmp_path / "link.png"
            await page.screenshot(path=shot)
            assert shot.stat().st_size > 10_000
            background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert background == "rgb(22, 24, 28)", "dark where the reader wants it dark"
            assert browser.troubles == []


async def test_an_edit_that_does_not_compose_is_a_banner_until_it_does(
    workshop: Path, tmp_path: Path
) -> None:
    with plait_dev(workshop, tmp_path / "data") as process:
        async with opened_graphiql(process.is_ready(), shows="tools") as browser:
            banner = browser.page.locator(".plait-notices")
            await expect(banner).to_be_empty()
            schema = workshop / "workshop/stock.graphql"
            edit(schema, "left: Int!", "left: Int!\n  name: Int!")
            await expect(banner).to_contain_text("The last graph that composed is served.")
            await expect(banner).to_contain_text("FIELD_TYPE_MISMATCH")
            edit(schema, "  name: Int!\n", "")
            await expect(banner).to_be_empty()
            assert browser.troubles == []
