"""Suggestions for tags while one types, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]
File = Callable[..., Path]


def typing_page(visitor: Open, file: File, seed: int) -> tuple[Page, str]:
    """The upload page of somebody, after pictures with tags that begin with this word; the word."""
    alice, word = visitor("alice"), f"lake{seed}"
    for number, tags in enumerate((f"{word}side {word}", f"{word}side {word}_of_ours")):
        alice.go("/upload").get_by_label("Tags").fill(tags)
        alice.page.set_input_files("#file", str(file(seed * 10 + number)))
        expect(alice.page.locator("#files-count")).to_contain_text("1 of 1 done")
    page = alice.go("/upload")
    page.wait_for_load_state("load")
    page.get_by_label("Tags").focus()
    return page, word


def test_choosing_by_keys(visitor: Open, file: File, seed: int) -> None:
    page, word = typing_page(visitor, file, seed)
    tags = page.get_by_label("Tags", exact=True)
    page.keyboard.type(f"dusk {word}s")
    expect(page.get_by_role("option")).to_have_text([f"{word}side2"])
    expect(tags).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    option = page.get_by_role("option", selected=True)
    expect(tags).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(tags).to_have_value(f"dusk {word}side ")
    expect(tags).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type(word)
    expect(page.get_by_role("option")).to_have_count(2)  # without the one that is there already
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(tags).to_have_value(f"dusk {word}side {word}_of_ours ")
    assert page.url.endswith("/upload"), "Enter chose, and sent nothing"


def test_escape_closes_and_typing_goes_on(visitor: Open, file: File, seed: int) -> None:
    page, word = typing_page(visitor, file, seed)
    tags = page.get_by_label("Tags", exact=True)
    page.keyboard.type(word)
    expect(page.get_by_role("option").first).to_have_text(f"{word}1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(tags).to_have_value(word)
    expect(tags).not_to_be_focused()


def test_with_commas_a_tag_may_have_several_words(visitor: Open, file: File, seed: int) -> None:
    page, word = typing_page(visitor, file, seed)
    tags = page.get_by_label("Tags", exact=True)
    page.keyboard.type(f"old boat, {word} of, dusk")
    tags.evaluate(
        "(input) => input.setSelectionRange(input.value.indexOf(' of,') + 3, input.value.indexOf(' of,') + 3)"
    )
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=f"{word}_of_ours").click()
    expect(tags).to_have_value(f"old boat, {word}_of_ours, dusk")
    expect(tags).to_be_focused()


def test_without_an_answer_one_types_on(visitor: Open) -> None:
    alice = visitor("alice")
    page = alice.go("/upload")
    page.route("**/api/v1/tags**", lambda route: route.abort())
    page.get_by_label("Tags").fill("lake")
    page.wait_for_timeout(400)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_label("Tags")).to_have_value("lake")
    alice.complaints.clear()


def test_the_index_leads_to_the_pictures(visitor: Open, file: File, seed: int) -> None:
    page, word = typing_page(visitor, file, seed)
    page.goto("/")
    page.get_by_role("link", name="All tags").click()
    page.get_by_label("How a tag begins").fill(f"{word}_")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=f"{word}_of_ours").click()
    expect(page.get_by_role("heading", name=f"Pictures of {word}_of_ours")).to_be_visible()
