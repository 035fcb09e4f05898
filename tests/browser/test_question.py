"""Being asked, answering, taking it back; and staff after that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, ask, press, publish

Open = Callable[..., Visitor]
File = Callable[..., Path]


@pytest.fixture
def asked(visitor: Open, file: File, seed: int) -> Visitor:
    """Alice before the question about a picture that Bob has published."""
    publish(visitor("bob"), file(seed))
    alice = visitor("alice")
    ask(alice, file(seed, quality=55))
    return alice


def test_same_by_key_and_undo_by_key(asked: Visitor) -> None:
    page = asked.page
    upload = page.url
    press(page, "s")
    expect(page.get_by_role("heading", name="Already here")).to_be_visible()
    page.goto(upload.replace("/uploads/", "/pictures/"))
    expect(page.get_by_text("The address you followed")).to_be_visible()
    page.goto(upload)
    press(page, "z")
    expect(page.get_by_role("heading", name="Do we already have this picture?")).to_be_visible()


def test_different_by_key_asks_why_and_staff_reverse_it(asked: Visitor, visitor: Open) -> None:
    page = asked.page
    press(page, "d")
    press(page, "1")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
    staff = visitor("mod", staff=True)
    queue = staff.go("/review/")
    queue.locator(".list .row", has_text=asked.name).click()
    expect(queue.get_by_text("You have this case until")).to_be_visible()
    expect(queue.get_by_text("Another moment").first).to_be_visible()
    case = queue.url
    press(queue, "1")
    expect(queue.get_by_text("Decided: the older stays.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Already here")).to_be_visible()
    queue.goto(case)
    press(queue, "z")
    expect(queue.get_by_text("Undone. Everything is as it was before.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def test_keys_sleep_while_somebody_types(asked: Visitor) -> None:
    page = asked.page
    press(page, "v")
    words = page.get_by_label("In your own words").first
    words.fill("")
    words.press_sequentially("sbd")
    expect(words).to_have_value("sbd")
    words.press("Enter")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def test_the_views_lay_one_over_the_other(asked: Visitor) -> None:
    page = asked.page

    def frames() -> list[object]:
        return [frame.bounding_box() for frame in page.locator(".pair .frame").all()]

    for view in ("Swipe", "Onion skin", "Blink", "Difference"):
        page.get_by_role("button", name=view).click()
        expect(page.get_by_role("button", name=view)).to_have_attribute("aria-pressed", "true")
        over, under = frames()
        assert over == under, view
        expect(page.locator("[data-slider]")).to_be_visible(visible=view in {"Swipe", "Onion skin"})
    page.get_by_role("button", name="Side by side").click()
    left, right = frames()
    assert left != right


def test_on_a_phone_answers_come_before_tables(visitor: Open, file: File, seed: int) -> None:
    publish(visitor("bob"), file(seed))
    alice = visitor("alice", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = ask(alice, file(seed, quality=55))
    answers = page.locator(".answers").bounding_box()
    table = page.locator(".compared").bounding_box()
    assert answers is not None
    assert table is not None
    assert answers["y"] < table["y"]
    assert not alice.scrolls_sideways()


def test_the_better_copy_goes_to_staff(visitor: Open, file: File, seed: int) -> None:
    publish(visitor("bob"), file(seed, size=(240, 160)))
    alice = visitor("alice")
    page = ask(alice, file(seed))
    expect(page.locator(".answer.guess")).to_contain_text("Mine is the better copy")
    press(page, "b")
    expect(page.get_by_role("heading", name="Staff are comparing both copies")).to_be_visible()
