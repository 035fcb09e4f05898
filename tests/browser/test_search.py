"""Search by picture: dropped, without scripts, by address; and what is similar on the page of a picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]
File = Callable[..., Path]
Published = Callable[..., list[str]]
ANSWER = '<p data-sentence>Nothing here looks like yours.</p><p class="quiet small">A part is silent.</p>'


def test_searching_by_picture(visitor: Open, published: Published, file: File, seed: int) -> None:
    alice = visitor("alice")
    published(file(seed))
    page = alice.go("/search")
    page.set_input_files("#file", str(file(seed, quality=50)))
    expect(page.locator("#found .alike a").first).to_be_visible()
    expect(page.locator("#state")).to_have_text(re.compile("looks? like yours"))
    sizes = page.locator("#found img").evaluate_all(
        "(all) => all.map((image) => image.getAttribute('width'))"
    )
    assert all(sizes)


def test_a_search_says_what_it_did_not_look_at(visitor: Open, file: File, seed: int) -> None:
    page = visitor("alice").go("/search")
    page.route(
        "**/search",
        lambda route: (
            route.fulfill(body=ANSWER, content_type="text/html")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.set_input_files("#file", str(file(seed)))
    expect(page.locator("#found")).to_have_text("Nothing here looks like yours.A part is silent.")


def test_what_is_no_picture_is_said(visitor: Open, tmp_path: Path) -> None:
    path = tmp_path / "words.jpg"
    path.write_text("These are words.")
    page = visitor("alice").go("/search")
    page.set_input_files("#file", str(path))
    expect(page.locator("#found [role=alert]")).to_contain_text("not a JPEG, PNG, GIF, WebP or AVIF picture")


def test_a_lost_connection_is_said(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    page = alice.go("/search")
    page.route("**/search", lambda route: route.abort())
    page.set_input_files("#file", str(file(seed)))
    expect(page.locator("#found")).to_contain_text("could not be reached")
    alice.complaints.clear()


def test_who_was_signed_out_meanwhile_is_told(visitor: Open, file: File, seed: int) -> None:
    page = visitor("alice").go("/search")
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("#file", str(file(seed)))
    expect(page.locator("#found")).to_contain_text("not signed in any more")


def test_searching_without_scripts_on_a_phone(
    visitor: Open, published: Published, file: File, seed: int
) -> None:
    published(file(seed))
    alice = visitor("alice", java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = alice.go("/search")
    page.get_by_label("A picture of yours").set_input_files(str(file(seed, quality=50)))
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text(re.compile("looks? like yours"))).to_be_visible()
    assert not alice.scrolls_sideways()
    page.locator(".alike a").first.click()
    expect(page.get_by_role("heading", name="Similar pictures")).to_be_visible()
    page.get_by_role("link", name="Look for similar pictures").click()
    expect(page.get_by_text("What is here that looks like")).to_be_visible()


def test_asking_by_address(visitor: Open, published: Published, file: File, seed: int) -> None:
    alice = visitor("alice")
    (address,) = published(file(seed))
    page = alice.go("/search")
    page.get_by_label("Or paste the address").fill(address)
    page.get_by_role("button", name="Find similar ones").click()
    expect(page.locator("[data-sentence]")).to_be_visible()
    expect(page.get_by_label("Or paste the address")).to_have_value(address)


def test_a_visitor_signs_in_and_comes_back(visitor: Open) -> None:
    page = visitor().go("/")
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url.endswith("?next=/search")


def test_similar_pictures_come_when_one_scrolls_to_them(
    visitor: Open, published: Published, file: File, seed: int
) -> None:
    alice = visitor("alice", viewport={"width": 1280, "height": 400})
    page = alice.go(*published(file(seed)))
    page.get_by_role("heading", name="Similar pictures").scroll_into_view_if_needed()
    expect(page.locator("[data-sentence]")).to_be_visible()
