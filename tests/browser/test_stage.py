"""Two pictures laid over each other: a crop lies on the part that it shows, and a map tells what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Visitor, ask, browsers, fresh_seed, publish
from tests.pictures import landscape
from tests.servers.live import LiveSite

Open = Callable[..., Visitor]


@pytest.fixture(scope="module")
def question(
    browser: Browser, live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    """Alice is asked about the right two thirds of a picture that Bob has published. Nobody answers here."""
    whole, crop = (tmp_path_factory.mktemp("lake") / name for name in ("whole.jpg", "crop.jpg"))
    lake = landscape(fresh_seed(), 480, 320)
    lake.save(whole, quality=92)
    lake.crop((160, 0, 480, 320)).save(crop, quality=85)
    with browsers(browser, live_site) as visitor:
        publish(visitor("bob"), whole)
        alice = visitor("alice")
        ask(alice, crop)
        yield alice


@pytest.fixture
def asked(question: Visitor, visitor: Open) -> Visitor:
    """A fresh browser of Alice's, open at the question."""
    alice = visitor(storage_state=question.page.context.storage_state())
    alice.go(question.page.url)
    return alice


def box(page: Page, place: str) -> dict[str, float]:
    found = page.locator(f".pair {place} .sheet > img").first.bounding_box()
    assert found is not None
    return dict(found)


def content(page: Page) -> dict[str, float]:
    """Where theirs is drawn within its element: 480 × 320, as large as fits."""
    outer = box(page, ".theirs")
    scale = min(outer["width"] / 480, outer["height"] / 320)
    width, height = 480 * scale, 320 * scale
    return {
        "x": outer["x"] + (outer["width"] - width) / 2,
        "y": outer["y"] + (outer["height"] - height) / 2,
        "width": width,
        "height": height,
    }


def lies_on_the_right_two_thirds(page: Page) -> None:
    """The page lays it anew with its next frame, which a busy machine may draw late."""
    offset: list[float] = []
    for _ in range(50):
        theirs, mine = content(page), box(page, ".mine")
        offset = [
            mine["x"] - theirs["x"] - theirs["width"] / 3,
            mine["y"] - theirs["y"],
            mine["width"] - theirs["width"] * 2 / 3,
            mine["height"] - theirs["height"],
        ]
        if max(map(abs, offset)) <= 4:
            return
        page.wait_for_timeout(200)
    pytest.fail(f"it lies elsewhere: {offset}")


@pytest.mark.parametrize("view", ["Swipe", "Onion skin", "Blink", "Difference"])
def test_a_crop_lies_on_what_it_shows(asked: Visitor, view: str) -> None:
    page = asked.page
    expect(page.get_by_text("yours only the right part of it, about 65 %")).to_be_visible()
    page.get_by_role("button", name=view).click()
    lies_on_the_right_two_thirds(page)
    page.set_viewport_size({"width": 500, "height": 900})
    lies_on_the_right_two_thirds(page)
    assert not asked.scrolls_sideways()
    page.get_by_role("button", name="Side by side").click()
    left, right = box(page, ".mine"), box(page, ".theirs")
    assert left["x"] + left["width"] <= right["x"] + 1


def test_the_common_part_is_outlined_on_the_larger(asked: Visitor) -> None:
    page = asked.page
    expect(page.locator(".theirs .outline polygon")).to_be_visible()
    expect(page.locator(".mine .outline")).to_have_count(0)
    expect(page.get_by_text("The dashed line goes round what both pictures show.")).to_be_visible()
    page.get_by_role("button", name="Swipe").click()
    expect(page.locator(".theirs .outline")).to_be_hidden()


def test_what_differs_is_drawn_when_it_is_asked_for(asked: Visitor) -> None:
    page = asked.page
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.get_by_role("button", name="What differs").click()
    expect(page.get_by_text("Dim: shown only here.")).to_be_visible()
    heat = page.locator(".heat")
    expect(heat).to_be_visible()
    assert heat.bounding_box() == page.locator(".theirs .sheet > img").first.bounding_box()
    expect(page.locator(".mine")).to_be_hidden()
    page.get_by_role("button", name="Blink").click()
    expect(heat).to_be_hidden()
    page.get_by_role("button", name="What differs").click()
    assert len([address for address in asked_for if "differences.png" in address]) == 1


def test_a_map_that_cannot_be_drawn_is_said_and_tried_again(asked: Visitor) -> None:
    page = asked.page

    def no_answer(route: Route) -> None:
        route.fulfill(status=404)

    page.route("**/differences.png*", no_answer)
    page.get_by_role("button", name="What differs").click()
    expect(page.get_by_text("could not be drawn right now")).to_be_visible()
    expect(page.locator(".heat")).to_be_hidden()
    page.unroute("**/differences.png*", no_answer)
    page.get_by_role("button", name="What differs").click()
    expect(page.locator(".heat")).to_be_visible()
