"""A browser that looks at GraphiQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from tests import browser
from tests.browser import Browser


@asynccontextmanager
async def opened(
    url: str, *, shows: str, color_scheme: Literal["light", "dark"] = "light", height: int = 850
) -> AsyncIterator[Browser]:
    """GraphiQL at the URL, once its query editor shows the text; skips where there is no Chromium."""
    async with browser.opened(url, color_scheme=color_scheme, height=height) as found:
        await found.page.locator(".graphiql-query-editor").get_by_text(shows).wait_for()
        yield found
