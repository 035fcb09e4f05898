"""Takes the pictures of docs/screenshots from a site that `script/server --demo` has just filled.

python -m script.screenshots http://localhost:8000 ALICE_PASSWORD MOD_PASSWORD

Every page is taken wide, on a phone, and dark. Last it answers two questions, so the site is not as new afterwards.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
_WIDE = {"width": 1280, "height": 860}
_PHONE = {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "": {"viewport": _WIDE},
    "-phone": {"viewport": _PHONE, "has_touch": True, "is_mobile": True},
    "-dark": {"viewport": _WIDE, "color_scheme": "dark"},
}
VISITOR = {
    "pictures": "/",
    "tags": "/tags/",
    "galleries": "/galleries/",
    "sign-in": "/sign-in",
    "register": "/register",
    "not-found": "/nowhere",
}
UPLOADER = {
    "upload": "/upload",
    "uploads": "/uploads/",
    "search": "/search",
    "favourites": "/favourites/",
    "notices": "/notices/",
    "decisions": "/decisions/",
    "profile": "/people/alice",
    "new-gallery": "/galleries/new",
    "settings": "/settings",
}
STAFF = {"queue": "/review/", "identical": "/review/identical", "statistics": "/stats/"}
"""Pages of each by the name of their file."""
_CASE = "main a[href^='/review/']:has(img)"


@contextmanager
def visiting(
    browser: Browser, base: str, screen: dict[str, Any], name: str = "", password: str = ""
) -> Iterator[Page]:
    """A page in a browser of its own with these options, signed in where a name is given."""
    context = browser.new_context(base_url=base, **screen)
    page = context.new_page()
    if name:
        page.goto("/sign-in")
        page.fill("[name=username]", name)
        page.fill("[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_url(base + "/")
    yield page
    context.close()


def take(page: Page, address: str, name: str) -> None:
    """Open an address and keep the whole page, up to three windows long."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    size = page.viewport_size
    assert size is not None
    long = int(page.evaluate("document.documentElement.scrollHeight"))
    clip: FloatRect = {
        "x": 0,
        "y": 0,
        "width": size["width"],
        "height": min(max(long, size["height"]), 3 * size["height"]),
    }
    page.screenshot(path=_FOLDER / f"{name}.jpg", type="jpeg", quality=72, full_page=True, clip=clip)


def first_link(page: Page, address: str, pattern: str) -> str:
    """The address behind the first link of this pattern on a page."""
    page.goto(address)
    return str(page.locator(pattern).first.get_attribute("href"))


def merged_page(page: Page, address: str) -> str:
    """The page of all that was merged into the picture that an address leads to."""
    page.goto(address.partition("?")[0])
    return str(page.locator("main a[href$='/merged']").first.get_attribute("href"))


def take_all(browser: Browser, base: str, look: str, alice: str, mod: str) -> None:
    """Every page in one look; nothing is changed."""
    with visiting(browser, base, LOOKS[look]) as page:
        picture = first_link(page, "/", "main a[href^='/pictures/']")
        for name, address in (VISITOR | {"picture": picture}).items():
            take(page, address, name + look)
    with visiting(browser, base, LOOKS[look], "alice", alice) as page:
        question = first_link(page, "/uploads/?state=question", "main a:text-is('Answer')")
        own = {
            "question": question,
            "similar": f"{picture}/similar",
            "put-into-gallery": f"{picture}/galleries",
        }
        for name, address in (UPLOADER | own).items():
            take(page, address, name + look)
    with visiting(browser, base, LOOKS[look], "mod", mod) as page:
        case = first_link(page, "/review/?kind=override", _CASE)
        merged = first_link(
            page, "/decisions/?kind=answer", "main a[href^='/pictures/']:has-text('Evening over')"
        )
        own = {
            "case": case,
            "case-better": first_link(page, "/review/?kind=proposal", _CASE),
            "case-expiring": first_link(page, "/review/?kind=expiring", _CASE),
            "case-blind": first_link(page, "/review/?kind=sample", _CASE),
            "cluster": first_link(page, "/review/?kind=find", f"{_CASE}:has(.many)"),
            "merged": merged_page(page, merged),
            "edit": f"{picture}/edit",
        }
        own["split"] = first_link(page, own["merged"], "main a:has-text('Split off')")
        for name, address in (STAFF | own).items():
            take(page, address, name + look)


def take_outcomes(browser: Browser, base: str, alice: str) -> None:
    """Answer a question, and keep what is said then."""
    with visiting(browser, base, LOOKS[""], "alice", alice) as page:
        question = first_link(page, "/uploads/?state=question", "main a:text-is('Answer')")
        page.goto(question)
        page.keyboard.press("s")
        page.get_by_text("We keep one copy.").wait_for()  # above the next question
        take(page, question, "outcome")
        take(page, "/uploads/answered", "answered")


def main(base: str, alice: str, mod: str) -> None:
    """Write every picture."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for look in LOOKS:
            take_all(browser, base, look, alice, mod)
        take_outcomes(browser, base, alice)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
