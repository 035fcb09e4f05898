"""The site in German, at people's browsers: chosen in the foot, spoken by the scripts, and never too wide."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visitor, ask, publish
from tests.browser.test_frame import PAGES

Open = Callable[..., Visitor]


def test_a_question_in_german_from_the_choice_of_the_language_to_the_answer(
    visitor: Open, file: Callable[..., Path], seed: int
) -> None:
    publish(visitor("bob"), file(seed))
    alice = visitor("alice")
    page = ask(alice, file(seed, quality=50, name="again.jpg"))
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Haben wir dieses Bild schon?")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("button", name="Was anders ist").click()
    expect(page.locator(".legend[data-for=differs]")).to_contain_text("Bernstein")
    page.get_by_role("button", name="Hineinzoomen").click()
    expect(page.locator("[data-zooms] output")).to_have_text("1,3 ×")
    page.get_by_role("button", name="Es ist dasselbe Bild").click()
    expect(page.get_by_text("Wir behalten eine Kopie.")).to_be_visible()
    alice.go("/upload")
    page.set_input_files("#file", str(file(seed)))
    expect(page.locator("#files .state")).to_have_text("Das haben wir schon")
    expect(page.locator("#files-count")).to_have_text("1 von 1 fertig")


def test_german_words_fit_too(visitor: Open) -> None:
    mod = visitor("mod", staff=True)
    mod.go("/upload")
    mod.page.get_by_role("button", name="Deutsch").click()
    expect(mod.page.get_by_role("heading", name="Bilder hochladen")).to_be_visible()
    for width, address in product((360, 1280), PAGES):
        mod.page.set_viewport_size({"width": width, "height": 800})
        mod.go(address)
        assert not mod.scrolls_sideways(), f"{address} at {width} px"
