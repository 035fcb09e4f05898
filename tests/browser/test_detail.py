"""Looking closely: zoomed in beyond its pixels, a picture shows those of the original."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, ask, press, publish

LARGE = (2400, 1600)
PIXELS = "image => [image.naturalWidth, image.naturalHeight]"


def pictures(page: Page) -> list[list[int]]:
    found: list[list[int]] = page.locator(".pair .sheet img:not(.heat)").evaluate_all(
        f"images => images.map({PIXELS})"
    )
    return found


def test_zooming_in_brings_the_detail_of_both(
    visitor: Callable[..., Visitor], file: Callable[..., Path], seed: int
) -> None:
    publish(visitor("bob"), file(seed, 92, size=LARGE))
    alice = visitor("alice")
    page = ask(alice, file(seed, 70, size=LARGE))
    told = page.locator("[data-detail]")
    asked_for: list[str] = []
    page.on("request", lambda request: request.url.endswith("/full") and asked_for.append(request.url))

    page.route("**/full", lambda route: route.fulfill(status=404))
    press(page, "+")
    page.wait_for_timeout(500)
    assert not asked_for  # still within the pixels that are there
    for _ in range(5):
        press(page, "+")
    expect(told).to_have_text("Finer detail could not be loaded. This is as sharp as it gets.")
    assert pictures(page) == [[1200, 800], [1200, 800]]

    page.unroute("**/full")
    page.reload()
    for _ in range(6):
        press(page, "+")
    expect(told).to_be_hidden()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.pair .sheet img:not(.heat)')].every(i => i.naturalWidth === 2400)"
    )
    assert pictures(page) == [list(LARGE), list(LARGE)]
    expect(told).to_be_hidden()
    drawn = page.locator(".theirs .sheet img").first.bounding_box()
    press(page, "a")
    one_to_one = page.locator(".theirs .sheet img").first.bounding_box()
    assert drawn is not None
    assert one_to_one is not None
    assert abs(one_to_one["height"] - LARGE[1]) < 2
