"""What the first page of a first visit costs somebody on a thin connection."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000
MOST_REQUESTS = 12


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_the_first_page_of_a_first_visit_is_light(
    browser: Browser, site: Site, locale: str
) -> None:
    context = site.context(browser, locale=locale, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def note_request(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def note_size(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    network.on("Network.requestWillBeSent", note_request)
    network.on("Network.loadingFinished", note_size)
    network.send("Network.enable")
    page.goto("/", wait_until="networkidle")
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert page.locator("html").get_attribute("lang") == locale[:2]
    context.close()
    table = "\n".join(f"{sizes.get(key, 0):>7} {address}" for key, address in asked.items())
    assert "woff2" in table, table
    assert sum(sizes.values()) < MOST_BYTES, table
    assert len(asked) <= MOST_REQUESTS, table
