"""Two pictures laid over each other: a crop lies on the part that it shows, a map tells what differs, and whoever
looks chooses the view, which is remembered.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visitor, press
from tests.browser.stage import box, content

Open = Callable[..., Visitor]
VIEWS = {
    "q": ("side", "Side by side"),
    "w": ("differs", "What differs"),
    "e": ("swipe", "Swipe"),
    "r": ("onion", "Onion skin"),
    "t": ("blink", "Blink"),
    "y": ("difference", "Difference"),
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
    assert heat.bounding_box() == page.locator(".theirs .sheet img").first.bounding_box()
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


def is_seen_in(page: Page, view: str, name: str) -> None:
    """The pair is in this view, and of all buttons this one alone says so."""
    expect(page.locator(".pair")).to_have_attribute("data-view", view)
    pressed = page.locator("button[data-view][aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(pressed).to_have_accessible_name(name)


def test_every_view_has_a_button_and_a_key(asked: Visitor) -> None:
    page = asked.page
    for key, (view, name) in reversed(VIEWS.items()):
        press(page, key)
        is_seen_in(page, view, name)
    for view, name in VIEWS.values():
        page.get_by_role("button", name=name).click()
        is_seen_in(page, view, name)


def test_the_view_is_remembered_for_the_next_question(asked: Visitor) -> None:
    page = asked.page
    press(page, "r")
    page.reload()
    is_seen_in(page, "onion", "Onion skin")
    expect(page.locator("[data-slider]")).to_be_visible()
    lies_on_the_right_two_thirds(page)
    page.get_by_role("button", name="Side by side").click()
    page.reload()
    is_seen_in(page, "side", "Side by side")


def test_each_kind_of_use_remembers_its_own_view(asked: Visitor) -> None:
    page = asked.page
    page.evaluate("localStorage.setItem('doppel.view.review', 'swipe')")
    page.reload()
    is_seen_in(page, "side", "Side by side")
    press(page, "t")
    assert page.evaluate("localStorage.getItem('doppel.view.question')") == "blink"
    assert page.evaluate("localStorage.getItem('doppel.view.review')") == "swipe"


def test_a_view_that_is_not_there_leaves_the_first(asked: Visitor) -> None:
    page = asked.page
    page.evaluate("localStorage.setItem('doppel.view.question', 'gone')")
    page.reload()
    is_seen_in(page, "side", "Side by side")


def test_a_browser_that_keeps_nothing_shows_every_view(asked: Visitor) -> None:
    page = asked.page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.reload()
    press(page, "e")
    is_seen_in(page, "swipe", "Swipe")


def edge(page: Page) -> float:
    """Where the swipe divides, as a share of the width of the frame: where its line is drawn."""
    line = page.evaluate("getComputedStyle(document.querySelector('.pair'), '::after').marginInlineStart")
    frame = page.locator(".frame.mine").bounding_box()
    assert frame is not None
    return float(str(line).removesuffix("px")) / frame["width"]


def test_the_swipe_follows_the_mouse_and_the_slider(asked: Visitor) -> None:
    page = asked.page
    press(page, "e")
    theirs, frame = content(page), page.locator(".frame.mine").bounding_box()
    assert frame is not None
    for share in (0.25, 0.8):
        x = theirs["x"] + theirs["width"] * share
        page.mouse.move(x, theirs["y"] + 50)
        assert edge(page) == pytest.approx((x - frame["x"]) / frame["width"], abs=0.01)
    slider = page.get_by_label("How much of each picture")
    slider.focus()
    press(page, "Home")
    assert edge(page) == pytest.approx((theirs["x"] - frame["x"]) / frame["width"], abs=0.01)
    press(page, "q")
    is_seen_in(page, "side", "Side by side")


def test_the_onion_skin_is_as_thick_as_the_slider_says(asked: Visitor) -> None:
    page = asked.page
    press(page, "r")
    page.get_by_label("How much of each picture").fill("25")
    expect(page.locator(".frame.mine")).to_have_css("opacity", "0.75")


def shown(page: Page) -> str:
    return str(page.locator(".pair").get_attribute("data-shown"))


def test_blinking_goes_on_by_itself_until_it_is_paused(asked: Visitor) -> None:
    page = asked.page
    press(page, "t")
    expect(page.locator(".pair")).to_have_attribute("data-shown", "theirs")
    expect(page.locator(".frame.mine")).to_have_css("opacity", "0")
    expect(page.locator(".pair")).to_have_attribute("data-shown", "mine")
    press(page, "p")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    still = shown(page)
    page.wait_for_timeout(1600)
    assert shown(page) == still
    press(page, "x")
    assert shown(page) != still
    press(page, "q")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


def test_whoever_wants_no_motion_turns_the_pictures_by_hand(asked: Visitor) -> None:
    page = asked.page
    page.emulate_media(reduced_motion="reduce")
    press(page, "t")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(1600)
    assert shown(page) == "mine"
    expect(page.locator(".frame.mine")).to_have_css("animation-name", "none")
    page.get_by_role("button", name="Show the other").click()
    assert shown(page) == "theirs"
    expect(page.locator(".frame.mine")).to_have_css("opacity", "0")
    press(page, "x")
    assert shown(page) == "mine"
