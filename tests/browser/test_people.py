"""Comments and favourites, on a phone and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor, browsers, fresh_seed, press
from tests.browser.test_axe import barriers
from tests.pictures import landscape
from tests.servers.live import LiveSite

Open = Callable[..., Visitor]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture(scope="module")
def picture(browser: Browser, live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a picture that Bob has published, for all of these tests."""
    path = tmp_path_factory.mktemp("lake") / "lake.jpg"
    landscape(fresh_seed(), 480, 320).save(path, quality=92)
    with browsers(browser, live_site) as visitor:
        yield visitor("bob").upload(path)[0].replace("/uploads/", "/pictures/")


def reach(page: Page, name: str) -> None:
    """Go on with Tab until the control of this name has the focus."""
    wanted = page.get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def test_commenting_on_a_phone(visitor: Open, picture: str) -> None:
    alice = visitor("alice", **PHONE)
    page = alice.go(picture)
    page.get_by_label("Your comment").fill("Lovely light.\nWhere is it?")
    page.get_by_role("button", name="Comment", exact=True).tap()
    said = page.locator(".comment", has_text="Lovely light.")
    expect(said).to_be_visible()
    assert said.locator(".words").evaluate("each => each.innerText") == "Lovely light.\nWhere is it?"
    assert not alice.scrolls_sideways()
    said.get_by_role("button", name="Remove").tap()
    expect(page.get_by_text("The comment is removed.")).to_be_visible()
    expect(said).to_have_count(0)


def test_a_word_without_end_does_not_widen_the_page(visitor: Open, picture: str) -> None:
    alice = visitor("alice", **PHONE)
    page = alice.go(picture)
    page.get_by_label("Your comment").fill("w" * 1500)
    page.get_by_role("button", name="Comment", exact=True).tap()
    expect(page.locator(".comment", has_text="w" * 1500)).to_be_visible()
    assert not alice.scrolls_sideways()


def test_a_comment_that_is_too_long_is_kept_on_the_page(visitor: Open, picture: str) -> None:
    page = visitor("alice", **PHONE).go(picture)
    page.get_by_label("Your comment").fill("w" * 2100)
    page.get_by_role("button", name="Comment", exact=True).tap()
    expect(page.get_by_text("this one has 2,100")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("w" * 2100)
    expect(page.get_by_label("Your comment")).to_be_focused()


def test_a_favourite_by_touch_and_found_again(visitor: Open, picture: str) -> None:
    alice = visitor("alice", **PHONE)
    page = alice.go(picture)
    page.wait_for_load_state("load")
    page.evaluate("() => { window.stayed = true; }")
    heart = page.get_by_role("button", name="Favourite")
    heart.tap()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator("aside").get_by_role("status")).to_contain_text("You")
    assert page.evaluate("() => window.stayed"), "the page was not loaded anew"
    alice.go("/favourites/")
    expect(page.locator(f"main a[href='{picture}']")).to_be_visible()
    assert not alice.scrolls_sideways()


def test_favourite_and_comment_by_keyboard_alone(visitor: Open, picture: str) -> None:
    page = visitor("alice").go(picture)
    page.wait_for_load_state("load")
    reach(page, "Favourite")
    press(page, "Enter")
    heart = page.get_by_role("button", name="Favourite")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_be_focused()
    press(page, "Enter")
    expect(heart).to_have_attribute("aria-pressed", "false")
    page.get_by_label("Your comment").focus()
    page.keyboard.type("By keys alone")
    reach(page, "Comment")
    press(page, "Enter")
    expect(page.locator(".comment", has_text="By keys alone")).to_be_visible()


def test_both_work_without_scripts(visitor: Open, picture: str) -> None:
    someone = visitor("alice")
    bare = visitor(java_script_enabled=False, storage_state=someone.page.context.storage_state())
    page = bare.go(picture)
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Your comment").fill("Without scripts")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment", has_text="Without scripts")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_barriers(visitor: Open, file: Callable[..., Path], seed: int, scheme: str) -> None:
    bob = visitor("bob", color_scheme=scheme, **PHONE)
    addresses = bob.upload(file(seed), file(seed + 7000))
    kept, lost = (address.replace("/uploads/", "/pictures/") for address in addresses)
    page = bob.go(kept)
    page.get_by_label("Your comment").fill("Lovely light.")
    page.get_by_role("button", name="Comment", exact=True).tap()
    page.get_by_role("button", name="Favourite").tap()
    expect(page.get_by_text("You like it")).to_be_visible()
    page.goto(f"{kept}/edit")
    page.get_by_label("Title").fill("The lake at dusk")
    page.get_by_role("button", name="Save").tap()
    removed_by_staff(visitor("mod", staff=True), lost)
    page.goto("/notices/")
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    objection = page.get_by_role("link", name="Ask staff to look again").get_attribute("href")
    found = {}
    for address in (kept, f"{kept}/edit", "/favourites/", f"/people/{bob.name}", "/notices/", objection):
        bob.go(str(address))
        found[address] = barriers(page) + ["it scrolls sideways"] * bob.scrolls_sideways()
    assert not any(found.values()), found


def uploads_of(someone: Visitor) -> list[str]:
    """The addresses of a person's uploads, the newest first."""
    links = someone.go("/uploads/").locator("main .entry .about a").all()
    return [str(link.get_attribute("href")) for link in links]


def removed_by_staff(staff: Visitor, picture: str) -> None:
    page = staff.go(picture)
    page.get_by_text("Remove it").click()
    page.get_by_label("Why? (may stay empty)").fill("It shows people who did not agree to be shown.")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("It is not shown any more.")).to_be_visible()
