"""Takes the pictures of docs/screenshots from a site that `script/server --demo` has just filled.

python -m script.screenshots http://localhost:8000 ALICE_PASSWORD MOD_PASSWORD
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
_WIDE = {"width": 1280, "height": 860}
_PHONE = {"width": 390, "height": 844}


@contextmanager
def signed_in(browser: Browser, base: str, name: str, password: str, size: dict[str, int]) -> Iterator[Page]:
    """A page in a window of this size (width and height in pixels), signed in."""
    context = browser.new_context(base_url=base, viewport={"width": size["width"], "height": size["height"]})
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(base + "/")
    yield page
    context.close()


def take(page: Page, address: str, name: str, *, whole: bool = False) -> None:
    """Open an address and keep what is seen of it, or the whole page."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=_FOLDER / f"{name}.jpg", type="jpeg", quality=88, full_page=whole)


def first_link(page: Page, address: str, pattern: str) -> str:
    """The address behind the first link of this pattern on a page."""
    page.goto(address)
    return str(page.locator(pattern).first.get_attribute("href"))


def main(base: str, alice: str, mod: str) -> None:
    """Write every picture."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        with signed_in(browser, base, "alice", alice, _WIDE) as page:
            question = first_link(page, "/uploads/?state=question", "main a:text-is('Answer')")
            take(page, question, "question", whole=True)
            take(page, "/", "gallery")
        with signed_in(browser, base, "alice", alice, _PHONE) as page:
            take(page, question, "question-phone", whole=True)
        with signed_in(browser, base, "mod", mod, _WIDE) as page:
            take(page, first_link(page, "/review/", "main a[href^='/review/']:has(img)"), "review")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
