"""Both pictures through one window: zoomed and moved together, by buttons, keys, wheel, mouse and fingers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Visitor, press
from tests.browser.stage import Part, content, part

Open = Callable[..., Visitor]


def zoom(page: Page) -> float:
    return float(page.locator("[data-zooms] output").inner_text().removesuffix(" ×"))


def both_show_the_same(page: Page) -> Part:
    """The middles of both frames show the same place at the same scale, to two pixels of the picture."""
    theirs, mine = part(page, "theirs"), part(page, "mine")
    assert mine.scale == pytest.approx(theirs.scale, rel=0.02)
    assert (mine.x, mine.y) == pytest.approx((theirs.x, theirs.y), abs=4)
    return theirs


def middle_of(page: Page, side: str) -> tuple[float, float]:
    frame = page.locator(f".frame.{side}").bounding_box()
    assert frame is not None
    return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2


def scrolls_until(page: Page, there: Callable[[float], bool]) -> None:
    """The page scrolls smoothly, and late on a busy machine."""
    for _ in range(50):
        if there(float(page.evaluate("scrollY"))):
            return
        page.wait_for_timeout(200)
    pytest.fail(f"it stands at {page.evaluate('scrollY')}")


def zoomed(asked: Visitor, times: int = 5) -> Page:
    for _ in range(times):
        press(asked.page, "+")
    assert zoom(asked.page) > 2
    return asked.page


def test_whole_pictures_come_first(asked: Visitor) -> None:
    page = asked.page
    assert zoom(page) == 1
    for side in ("mine", "theirs"):
        frame, drawn = page.locator(f".frame.{side}").bounding_box(), content(page, side)
        assert frame is not None
        assert drawn["x"] - frame["x"] == pytest.approx((frame["width"] - drawn["width"]) / 2, abs=1)
        assert drawn["y"] - frame["y"] == pytest.approx((frame["height"] - drawn["height"]) / 2, abs=1)
    expect(page.get_by_role("group", name="Move both pictures")).to_be_hidden()


def test_zooming_brings_both_to_one_scale_and_place(asked: Visitor) -> None:
    page = asked.page
    before = part(page, "theirs").scale
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    assert both_show_the_same(page).scale > 2.5 * before
    page.get_by_role("button", name="Zoom out").click()
    assert both_show_the_same(page).scale < 2.7 * before
    page.get_by_role("button", name="Fit").click()
    assert zoom(page) == 1
    assert part(page, "theirs").scale == pytest.approx(before)


def test_zooming_by_keys(asked: Visitor) -> None:
    page = zoomed(asked)
    near = zoom(page)
    press(page, "-")
    assert zoom(page) < near
    press(page, "0")
    assert zoom(page) == 1
    press(page, "a")
    sharper = max(part(page, side).scale for side in ("mine", "theirs"))
    assert sharper == pytest.approx(1, abs=0.02)


def test_the_wheel_zooms_where_it_points(asked: Visitor) -> None:
    page = asked.page
    page.mouse.move(*middle_of(page, "mine"))
    there = part(page, "mine")
    for _ in range(8):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(30)
    assert zoom(page) > 3
    at = both_show_the_same(page)
    assert (at.x, at.y) == pytest.approx((there.x, there.y), abs=6)
    assert page.evaluate("scrollY") == 0


def test_the_wheel_goes_through_the_page_where_nothing_is_zoomed(asked: Visitor) -> None:
    page = asked.page
    page.set_viewport_size({"width": 1000, "height": 500})
    page.mouse.move(*middle_of(page, "mine"))
    page.mouse.wheel(0, 200)
    scrolls_until(page, lambda y: y >= 150)
    page.mouse.wheel(0, -200)
    scrolls_until(page, lambda y: y < 50)
    assert zoom(page) == 1


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_drag_moves_both(asked: Visitor, side: str) -> None:
    page = zoomed(asked)
    before = both_show_the_same(page)
    x, y = middle_of(page, side)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y + 20, steps=4)
    page.mouse.up()
    page.mouse.move(x, y)
    after = both_show_the_same(page)
    assert after.x == pytest.approx(before.x + 30 / before.scale, abs=2)
    assert after.y == pytest.approx(before.y - 20 / before.scale, abs=2)


def test_a_drag_ends_where_the_picture_does(asked: Visitor) -> None:
    page = zoomed(asked)
    x, y = middle_of(page, "theirs")
    for _ in range(6):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 200, y + 200, steps=3)
        page.mouse.up()
    frame, drawn = page.locator(".frame.theirs").bounding_box(), content(page)
    assert frame is not None
    assert (drawn["x"], drawn["y"]) == pytest.approx((frame["x"], frame["y"]), abs=1)


def test_arrows_move_the_pictures_that_have_the_focus(asked: Visitor) -> None:
    page = zoomed(asked)
    still = part(page, "theirs")
    press(page, "ArrowLeft")
    assert part(page, "theirs") == still
    press(page, "Shift+ArrowLeft")
    assert both_show_the_same(page).x < still.x - 10
    page.get_by_role("group", name="Both pictures", exact=True).focus()
    moved = part(page, "theirs")
    press(page, "ArrowDown")
    press(page, "ArrowRight")
    after = both_show_the_same(page)
    assert after.y > moved.y + 10
    assert after.x > moved.x + 10


def test_buttons_move_the_pictures_without_dragging(asked: Visitor) -> None:
    page = zoomed(asked)
    before = part(page, "theirs")
    page.get_by_role("button", name="Look further up").click()
    assert both_show_the_same(page).y < before.y - 10


@pytest.mark.parametrize("view", ["Swipe", "Onion skin", "Blink", "Difference"])
def test_what_is_laid_over_each_other_stays_so(asked: Visitor, view: str) -> None:
    page = zoomed(asked)
    press(page, "Shift+ArrowRight")
    page.get_by_role("button", name=view).click()
    theirs, mine = content(page), content(page, "mine")
    scale = theirs["height"] / 320
    assert mine["height"] / 320 == pytest.approx(scale, rel=0.02)
    assert (mine["x"] - theirs["x"]) / scale == pytest.approx(160, abs=4)
    assert (mine["y"] - theirs["y"]) / scale == pytest.approx(0, abs=4)
    assert not asked.scrolls_sideways()


def test_the_map_of_differences_is_zoomed_with_its_picture(asked: Visitor) -> None:
    page = asked.page
    press(page, "w")
    expect(page.locator(".heat")).to_be_visible()
    zoomed(asked)
    assert page.locator(".heat").bounding_box() == page.locator(".theirs .sheet img").first.bounding_box()


@pytest.fixture
def phone(lake_question: Visitor, visitor: Open) -> tuple[Visitor, CDPSession]:
    """Alice's phone at the question, and what moves her fingers."""
    alice = visitor(
        storage_state=lake_question.page.context.storage_state(),
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
    )
    alice.go(lake_question.page.url)
    alice.page.wait_for_load_state("load")
    return alice, alice.page.context.new_cdp_session(alice.page)


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def test_a_pinch_zooms_both_and_a_finger_then_moves_them(phone: tuple[Visitor, CDPSession]) -> None:
    alice, session = phone
    page = alice.page
    x, y = middle_of(page, "theirs")
    touch(session, "touchStart", (x - 15, y), (x + 15, y))
    for wide in (25, 40, 60):
        touch(session, "touchMove", (x - wide, y), (x + wide, y))
    touch(session, "touchEnd")
    assert zoom(page) == pytest.approx(4, abs=0.3)
    before = both_show_the_same(page)
    touch(session, "touchStart", (x, y))
    for step in (5, 15, 30):
        touch(session, "touchMove", (x, y + step))
    touch(session, "touchEnd")
    after = both_show_the_same(page)
    assert after.y < before.y - 15 / before.scale
    assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]


def test_the_swipe_follows_a_finger(phone: tuple[Visitor, CDPSession]) -> None:
    alice, session = phone
    page = alice.page
    page.get_by_role("button", name="Swipe").click()
    drawn = content(page)
    y = drawn["y"] + drawn["height"] / 2
    touch(session, "touchStart", (drawn["x"] + drawn["width"] * 0.5, y))
    for share in (0.6, 0.7, 0.8, 0.9):
        touch(session, "touchMove", (drawn["x"] + drawn["width"] * share, y))
    touch(session, "touchEnd")
    expect(page.get_by_label("How much of each picture")).to_have_value("90")
    assert not alice.scrolls_sideways()


def test_a_finger_still_scrolls_the_page_over_the_pictures(phone: tuple[Visitor, CDPSession]) -> None:
    alice, session = phone
    page = alice.page
    x, y = middle_of(page, "theirs")
    touch(session, "touchStart", (x, y))
    for step in range(10, 160, 15):
        touch(session, "touchMove", (x, y - step))
    touch(session, "touchEnd")
    scrolls_until(page, lambda y: y > 50)
