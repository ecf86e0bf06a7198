"""A browser that looks at a page, watching for what a page must not do."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import ConsoleMessage, Page, Request, async_playwright, expect

PATIENCE: Final = 120_000.0  # milliseconds, for whatever is waited for: the machine may be slow, and busy
expect.set_options(timeout=PATIENCE)


@dataclass  # no slots: playwright keeps its wrappers of the handlers on their object
class Browser:
    """One page of a headless Chromium, and everything about it that should not have happened."""

    page: Page
    origin: str
    troubles: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        """Warnings and errors; breaches of the page's policy are among them."""
        if message.type in ("warning", "error"):
            self.troubles.append(f"{message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        """Requests to anybody but the server of the page."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.troubles.append(f"request to {request.url}")


@asynccontextmanager
async def opened(
    url: str, *, color_scheme: Literal["light", "dark"] = "light", height: int = 850
) -> AsyncIterator[Browser]:
    """The page at the URL, once it is loaded; skips where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "there is no chromium on the PATH (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium,
            timeout=PATIENCE,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        context = await launched.new_context(
            color_scheme=color_scheme, viewport={"width": 1400, "height": height}
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        address = urlsplit(url)
        browser = Browser(page, f"{address.scheme}://{address.netloc}/")
        page.on("console", browser.on_console)
        page.on("request", browser.on_request)
        page.on("pageerror", lambda error: browser.troubles.append(f"exception: {error}"))
        await page.goto(url)
        yield browser
        await launched.close()
