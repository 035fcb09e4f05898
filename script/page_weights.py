"""Weighs the pages of a site that `script/server --demo` has filled: what a first visit brings over the line.

python -m script.page_weights http://localhost:8000 ALICE_PASSWORD MOD_PASSWORD

Pages, style sheets and scripts as brotli makes them small, as WhiteNoise serves the files; pictures as they are, those
within the first screen alone. Nothing is changed on the site. Prints a table in Markdown.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import brotli
from playwright.sync_api import Browser, Page, Response, sync_playwright

from script.screenshots import first_link, visiting

SCREENS: dict[str, dict[str, Any]] = {
    "1280 × 860": {"viewport": {"width": 1280, "height": 860}},
    "390 × 844, three pixels for one": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "has_touch": True,
        "is_mobile": True,
    },
}
_SEEN = """() => [...document.images].filter((image) => {
  const box = image.getBoundingClientRect();
  return box.width && box.top < innerHeight && box.bottom > 0 && image.currentSrc;
}).map((image) => image.currentSrc)"""
_KINDS = {"document": "html", "stylesheet": "css", "script": "js"}


@dataclass
class Weight:
    """Bytes of one page, and how many pictures its first screen shows."""

    html: int = 0
    css: int = 0
    js: int = 0
    pictures: int = 0
    number: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)

    def add(self, response: Response, page: Page) -> None:
        """Count what came, if it belongs to the page itself. Texts are asked for again: a browser lets them go."""
        kind = response.request.resource_type
        if not response.ok:
            return
        if kind in _KINDS:
            name, text = _KINDS[kind], page.request.get(response.url).body()
            setattr(self, name, getattr(self, name) + len(brotli.compress(text)))
        elif kind == "image":
            self._sizes[response.url] = int(response.headers.get("content-length", 0))

    def see(self, addresses: list[str]) -> None:
        """Count the pictures that are in sight."""
        seen = [self._sizes[address] for address in set(addresses) if address in self._sizes]
        self.pictures, self.number = sum(seen), len(addresses)

    def row(self, name: str) -> str:
        """A line of the table, in kilobytes."""
        parts = [self.html, self.css, self.js, self.pictures]
        shown = [f"{part / 1000:.1f}" for part in parts]
        shown[3] += f" ({self.number})"
        return f"| {name} | {' | '.join(shown)} | {sum(parts) / 1000:.0f} |"


@contextmanager
def keeping_nothing(
    browser: Browser, base: str, screen: str, name: str = "", password: str = ""
) -> Iterator[Page]:
    """A page on one of the screens that keeps nothing from one page to the next."""
    with visiting(browser, base, SCREENS[screen], name, password) as page:
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield page


def weigh(page: Page, address: str) -> Weight:
    """Open an address and count what comes until all is still."""
    weight = Weight()
    responses: list[Response] = []

    def keep(response: Response) -> None:
        responses.append(response)

    page.on("response", keep)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", keep)
    for response in responses:
        weight.add(response, page)
    weight.see(page.evaluate(_SEEN))
    return weight


def rows(browser: Browser, base: str, screen: str, alice: str, mod: str) -> Iterator[str]:
    """The lines of one screen."""
    with keeping_nothing(browser, base, screen) as page:
        picture = first_link(page, "/", "main a[href^='/pictures/']")
        for name, address in {"pictures": "/", "a picture": picture, "sign in": "/sign-in"}.items():
            yield weigh(page, address).row(name)
    with keeping_nothing(browser, base, screen, "alice", alice) as page:
        question = first_link(page, "/uploads/?state=question", "main a:text-is('Answer')")
        for name, address in {"upload": "/upload", "my uploads": "/uploads/", "a question": question}.items():
            yield weigh(page, address).row(name)
        yield weigh(page, f"{picture}/similar").row("similar pictures")
    with keeping_nothing(browser, base, screen, "mod", mod) as page:
        case = first_link(page, "/review/", "main a[href^='/review/']:has(img)")
        for name, address in {"the queue": "/review/", "a case": case, "statistics": "/stats/"}.items():
            yield weigh(page, address).row(name)


def main(base: str, alice: str, mod: str) -> None:
    """Print the tables."""
    program = shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for screen in SCREENS:
            print(f"\n{screen}, in kB\n\n| page | HTML | CSS | JS | pictures in sight | all |")
            print("|---|---|---|---|---|---|")
            for row in rows(browser, base, screen, alice, mod):
                print(row)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
