"""What every page keeps: no sideways scrolling, a menu on phones, dark and light, keyboard first."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press, publish

Open = Callable[..., Visitor]
PAGES = [
    "/",
    "/upload",
    "/uploads/",
    "/search",
    "/decisions/",
    "/review/",
    "/stats/",
    "/settings",
    "/no-such-page",
]


def test_nothing_scrolls_sideways(visitor: Open, file: Callable[..., Path], seed: int) -> None:
    mod = visitor("mod", staff=True)
    publish(mod, file(seed))
    for width in (360, 768, 1280):
        mod.page.set_viewport_size({"width": width, "height": 800})
        assert not mod.scrolls_sideways(), f"after an upload at {width} px"
    for width, address in product((360, 768, 1280), PAGES):
        mod.page.set_viewport_size({"width": width, "height": 800})
        mod.go(address)
        assert not mod.scrolls_sideways(), f"{address} at {width} px"


def test_the_menu_of_a_phone(visitor: Open) -> None:
    alice = visitor("alice", viewport={"width": 360, "height": 740}, has_touch=True)
    page = alice.go("/")
    expect(page.get_by_role("link", name="Decisions")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Decisions").click()
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system(visitor: Open, scheme: str) -> None:
    page = visitor(color_scheme=scheme).go("/")
    colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3
    assert (brightness > 128) is (scheme == "light")


def test_the_keyboard_reaches_the_content_first(visitor: Open) -> None:
    page = visitor().go("/")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#main")).to_be_focused()


def test_registering_signing_out_and_in_again(visitor: Open, seed: int) -> None:
    name, password = f"carol-{seed}", "lake-dusk-42"
    page = visitor().go("/register")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password confirmation").fill(password)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", name="Upload pictures")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/upload")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Upload pictures")).to_be_visible()
