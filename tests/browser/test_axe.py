"""No page has a barrier that axe-core knows of: WCAG 2.2 A and AA and its best practices, wide, and dark on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visitor, ask, press

Open = Callable[..., Visitor]
File = Callable[..., Path]
Published = Callable[..., list[str]]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 860}},
    "phone, dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}


def barriers(page: Page) -> list[str]:
    """What axe-core finds, a line for each element."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def check(page: Page, *addresses: str) -> None:
    """Open each address and fail with everything that was found on them."""
    found: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(address)
        if lines := barriers(page):
            found[address] = lines
    assert not found, "\n".join(f"{address}\n  " + "\n  ".join(lines) for address, lines in found.items())


@pytest.mark.parametrize("look", list(_LOOKS))
def test_pages_for_everybody(visitor: Open, published: Published, file: File, seed: int, look: str) -> None:
    (picture,) = published(file(seed))
    somebody = visitor(**_LOOKS[look])
    check(
        somebody.page,
        "/",
        "/sign-in",
        "/register",
        "/search",
        picture,
        "/pictures/22222222222222",
        "/nowhere",
    )


@pytest.mark.parametrize("look", list(_LOOKS))
def test_pages_of_an_uploader(visitor: Open, published: Published, file: File, seed: int, look: str) -> None:
    published(file(seed))
    alice = visitor("alice", **_LOOKS[look])
    question = ask(alice, file(seed, quality=55)).url
    check(
        alice.page, question, "/upload", "/uploads/", "/uploads/?state=question", "/decisions/", "/settings"
    )
    alice.page.goto(question)
    press(alice.page, "s")
    alice.page.get_by_role("heading", name="Already here").wait_for()
    check(alice.page, question, "/decisions/")


@pytest.mark.parametrize("look", list(_LOOKS))
def test_pages_of_staff(visitor: Open, published: Published, file: File, seed: int, look: str) -> None:
    published(file(seed))
    alice = visitor("alice")
    page = ask(alice, file(seed, quality=55))
    press(page, "d")
    press(page, "1")
    page.get_by_role("heading", name="Published").wait_for()
    staff = visitor("mod", staff=True, **_LOOKS[look])
    staff.go("/review/")
    case = staff.page.locator("main a[href^='/review/']:has(img)").first.get_attribute("href")
    assert case is not None
    check(
        staff.page,
        "/review/",
        "/review/?tag=none&sort=surest",
        "/review/identical",
        case,
        "/stats/",
        "/decisions/",
    )


def tagged(someone: Visitor, path: Path, tag: str) -> str:
    """Publish a picture with a tag, and open its page; its address."""
    page = someone.go("/upload")
    page.get_by_label("Tags").fill(tag)
    page.set_input_files("#file", str(path))
    page.get_by_role("link", name="See it").click()
    return page.url


@pytest.mark.parametrize("look", list(_LOOKS))
def test_pages_that_find(visitor: Open, published: Published, file: File, seed: int, look: str) -> None:
    alice = visitor("alice", **_LOOKS[look])
    picture = tagged(alice, file(seed), f"lake{seed}")
    check(alice.page, f"{picture}/similar", "/tags/", f"/search?address={picture}")
    page = alice.go("/upload")
    page.get_by_label("Tags").press_sequentially(f"lake{seed}"[:-1])
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert barriers(page) == []


@pytest.mark.parametrize("look", list(_LOOKS))
def test_galleries(visitor: Open, published: Published, file: File, seed: int, look: str) -> None:
    alice = visitor("alice", **_LOOKS[look])
    picture = tagged(alice, file(seed), "lake")
    page = alice.page
    page.get_by_text("Put it into a gallery").click()
    page.get_by_label("Title of a new gallery").fill("Lakes")
    page.get_by_role("button", name="Put it in").click()
    page.get_by_role("link", name="Lakes").click()
    gallery = page.url
    check(page, f"{picture}/galleries", "/galleries/", gallery, f"{gallery}/arrange", f"{gallery}/change")
