"""Keys and their sheet: what it lists is what the page can do now, and keys rest while somebody types."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor, ask, press

Open = Callable[..., Visitor]


def sheet_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keys")


def line(page: Page, key: str, words: str) -> Locator:
    """The line of the sheet that says what a key does."""
    return sheet_of(page).locator("dl > div", has_text=re.compile(rf"^\s*{re.escape(key)}\s+{words}"))


def test_the_sheet_lists_the_keys_of_the_question(asked: Visitor) -> None:
    page = asked.page
    press(page, "?")
    expect(sheet_of(page)).to_be_visible()
    for key, words in (("E", "Swipe"), ("S", "It’s the same picture"), ("+", "Zoom in"), ("0", "Fit")):
        expect(line(page, key, words)).to_have_count(1)
    for name in ("View", "Zoom", "Your answer"):
        expect(sheet_of(page).get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(sheet_of(page).get_by_text("Look further left")).to_have_count(0)
    press(page, "Escape")
    expect(sheet_of(page)).to_be_hidden()


def test_the_sheet_says_what_has_become_true(asked: Visitor) -> None:
    page = asked.page
    press(page, "+")
    press(page, "t")
    press(page, "?")
    for words in ("Look further left", "Show the other", "Pause"):
        expect(sheet_of(page).get_by_text(words, exact=True)).to_be_visible()
    expect(sheet_of(page).get_by_text("Arrows alone move the pictures")).to_be_visible()
    press(page, "?")
    expect(sheet_of(page)).to_be_hidden()


def test_the_sheet_opens_by_a_button_and_gives_the_focus_back(asked: Visitor) -> None:
    page = asked.page
    opener = page.locator(".stage").get_by_role("button", name="Keys")
    opener.click()
    sheet_of(page).get_by_role("button", name="Close").click()
    expect(sheet_of(page)).to_be_hidden()
    expect(opener).to_be_focused()


def test_no_other_key_works_while_the_sheet_is_open(asked: Visitor) -> None:
    page = asked.page
    address = page.url
    press(page, "?")
    for key in ("s", "e", "+"):
        press(page, key)
    expect(sheet_of(page)).to_be_visible()
    expect(page.locator(".pair")).to_have_attribute("data-view", "side")
    assert page.url == address


def test_keys_of_the_views_rest_while_somebody_types(asked: Visitor) -> None:
    page = asked.page
    press(page, "v")
    words = page.get_by_label("In your own words").first
    words.fill("")
    words.press_sequentially("qwerty+0a?")
    expect(words).to_have_value("qwerty+0a?")
    expect(page.locator(".pair")).to_have_attribute("data-view", "side")
    expect(sheet_of(page)).to_be_hidden()


def test_a_slider_keeps_its_own_keys_and_leaves_the_others(asked: Visitor) -> None:
    page = asked.page
    press(page, "e")
    for _ in range(2):
        press(page, "+")
    slider = page.get_by_label("How much of each picture")
    slider.focus()
    press(page, "ArrowRight")
    expect(slider).to_have_value("51")
    press(page, "q")
    expect(page.locator(".pair")).to_have_attribute("data-view", "side")


def test_the_sheet_on_a_small_screen_fits(asked: Visitor) -> None:
    page = asked.page
    page.set_viewport_size({"width": 320, "height": 500})
    press(page, "?")
    bounds = sheet_of(page).bounding_box()
    assert bounds is not None
    assert bounds["x"] >= 0
    assert bounds["x"] + bounds["width"] <= 320
    assert bounds["height"] <= 500
    assert not asked.scrolls_sideways()


@pytest.fixture
def overridden(
    visitor: Open, published: Callable[..., list[str]], file: Callable[..., Path], seed: int
) -> Visitor:
    """Alice, who has said that a sure match is a different picture."""
    published(file(seed))
    alice = visitor("alice")
    page = ask(alice, file(seed, quality=55))
    press(page, "d")
    press(page, "1")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
    return alice


def test_staff_have_the_same_sheet_and_views(overridden: Visitor, visitor: Open) -> None:
    page = visitor("mod", staff=True).go("/review/")
    press(page, "?")
    expect(sheet_of(page)).to_be_visible()
    press(page, "Escape")
    page.locator(".list .row", has_text=overridden.name).click()
    expect(page.locator(".stage")).to_be_visible()
    press(page, "e")
    expect(page.locator(".pair")).to_have_attribute("data-view", "swipe")
    assert page.evaluate("localStorage.getItem('doppel.view.review')") == "swipe"
    assert page.evaluate("localStorage.getItem('doppel.view.question')") is None
    press(page, "?")
    expect(line(page, "E", "Swipe")).to_have_count(1)
    expect(sheet_of(page).get_by_text("Undo", exact=False)).to_have_count(0)
