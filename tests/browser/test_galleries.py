"""Putting pictures into galleries, and galleries in order: by keys, by mouse, without scripts, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, press

Open = Callable[..., Visitor]
File = Callable[..., Path]


def fill(someone: Visitor, file: File, seed: int, how_many: int = 3) -> Page:
    """Publish pictures called 1, 2, 3 and put them into a new gallery; the page of its order."""
    for number in range(1, how_many + 1):
        someone.go("/upload").get_by_label("Title").fill(f"No {number} of {seed}")
        someone.page.set_input_files("#file", str(file(seed * 10 + number)))
        expect(someone.page.locator(".file .state")).to_have_text("Published")
        someone.page.get_by_role("link", name="See it").click()
        someone.page.get_by_text("Put it into a gallery").click()
        someone.page.get_by_label("Title of a new gallery").fill(f"Lakes {seed}")
        someone.page.get_by_role("button", name="Put it in").click()
        expect(someone.page.get_by_text(f"It is in “Lakes {seed}” now")).to_be_visible()
    someone.page.get_by_role("link", name=f"Lakes {seed}").click()
    someone.page.get_by_role("link", name="Put in order").click()
    someone.page.wait_for_load_state("load")
    return someone.page


def order(page: Page) -> str:
    """The first digits of the titles, as the list has them."""
    return "".join(
        page.locator("#arranged > li").evaluate_all("(all) => all.map((li) => li.dataset.name[3])")
    )


def kept(page: Page) -> str:
    """The same, as the server has it."""
    page.reload()
    return order(page)


def test_ordering_by_keys(visitor: Open, file: File, seed: int) -> None:
    page = fill(visitor("alice"), file, seed)
    assert order(page) == "123"
    up = page.get_by_role("button", name=f"Move No 3 of {seed} up")
    up.focus()
    press(page, "Enter")
    expect(page.locator("#moved")).to_have_text(f"“No 3 of {seed}” is number 2 of 3 now.")
    expect(up).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#moved")).to_contain_text("is number 1 of 3")
    assert order(page) == "312"
    expect(up).to_be_disabled()
    expect(page.get_by_role("button", name=f"Move No 3 of {seed} down")).to_be_focused()
    place = page.get_by_label(f"New place of No 1 of {seed}")
    place.fill("3")
    press(page, "Enter")
    expect(page.locator("#moved")).to_contain_text("is number 3 of 3")
    assert order(page) == kept(page) == "321"


def test_dragging(visitor: Open, file: File, seed: int) -> None:
    page = fill(visitor("alice"), file, seed)
    lines = page.locator("#arranged > li")
    lines.nth(2).locator("img").drag_to(lines.nth(0).locator(".name"), target_position={"x": 2, "y": 2})
    expect(page.locator("#moved")).to_contain_text("is number 1 of 3")
    assert order(page) == kept(page) == "312"
    page.wait_for_load_state("load")
    lines.nth(0).locator("img").drag_to(lines.nth(2).locator(".ways"), target_position={"x": 2, "y": 30})
    expect(page.locator("#moved")).to_contain_text("is number 3 of 3")
    assert kept(page) == "123"


def test_two_tabs_end_in_one_order(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    page = fill(alice, file, seed)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name=f"Move No 1 of {seed} down").click()
    expect(other.locator("#moved")).to_contain_text("number 2 of 3")
    # This tab still shows 123. What it asks for is done on the order as it is, and it then shows the truth.
    page.get_by_role("button", name=f"Move No 1 of {seed} down").click()
    expect(page.locator("#arranged > li").nth(2)).to_have_attribute("data-name", f"No 1 of {seed}")
    assert order(page) == kept(other) == "231"


def test_a_move_that_fails_is_said_and_changes_nothing(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    page = fill(alice, file, seed)
    page.route("**/move", lambda route: route.abort(), times=1)
    page.get_by_role("button", name=f"Move No 1 of {seed} down").click()
    expect(page.locator("#not-moved")).to_be_visible()
    alice.complaints.clear()
    assert order(page) == kept(page) == "123"


def test_ordering_without_scripts_on_a_phone(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    address = fill(alice, file, seed).url
    state = alice.page.context.storage_state()
    plain = visitor(java_script_enabled=False, viewport={"width": 360, "height": 740}, storage_state=state)
    page = plain.go(address)
    page.get_by_role("button", name=f"Move No 3 of {seed} up").click()
    expect(page.get_by_text(f"“No 3 of {seed}” is number 2 now.")).to_be_visible()
    assert page.locator("#arranged > li .name").all_inner_texts() == [f"No {n} of {seed}" for n in (1, 3, 2)]
    page.get_by_label(f"New place of No 1 of {seed}").fill("3")
    press(page, "Enter")
    expect(page.get_by_text("is number 3 now.")).to_be_visible()
    page.get_by_role("button", name=f"Take out No 2 of {seed}").click()
    expect(page.get_by_text("is not in this gallery any more")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_scrolls_sideways(visitor: Open, file: File, seed: int, width: int) -> None:
    alice = visitor("alice", viewport={"width": width, "height": 740})
    arrange = fill(alice, file, seed, 1).url
    gallery = arrange.removesuffix("/arrange")
    for address in (
        "/galleries/",
        "/galleries/new",
        gallery,
        arrange,
        f"{gallery}/change",
        "/tags/",
        "/search",
    ):
        alice.go(address)
        assert not alice.scrolls_sideways(), address


def test_who_has_no_gallery_is_invited_to_make_one(visitor: Open) -> None:
    alice = visitor("alice")
    page = alice.go("/galleries/")
    page.get_by_role("link", name="Mine").click()
    expect(page.get_by_text("No galleries yet")).to_be_visible()
    page.get_by_role("link", name="Make the first one").click()
    expect(page.get_by_role("heading", name="New gallery")).to_be_visible()
