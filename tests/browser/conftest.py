"""People at their browsers on the running site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.program import Program
from tests.pictures import encoded, landscape
from tests.servers.live import LiveSite
from tests.servers.sessions import sign_in

expect.set_options(timeout=30_000)
_seeds = count(5000)


@dataclass
class Visitor:
    """Somebody's browser, and what its console complained of."""

    page: Page
    name: str = ""
    complaints: list[str] = field(default_factory=list)
    program: Program | None = None

    def go(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def upload(self, *paths: Path) -> list[str]:
        """Upload files by the API, in this person's name; the addresses of the uploads, all of them settled."""
        assert self.program is not None, "a visitor uploads nothing"
        return uploaded(self.program, paths)

    def scrolls_sideways(self) -> bool:
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(f"() => {wide}"))


@contextmanager
def browsers(browser: Browser, site: LiveSite) -> Iterator[Callable[..., Visitor]]:
    """What opens a browser on a site, as the fixture ``visitor`` says."""
    opened: list[tuple[Any, Visitor]] = []

    def open_browser(name: str = "", staff: bool = False, **options: Any) -> Visitor:
        context = browser.new_context(base_url=site.base_url, **options)
        context.set_default_timeout(30_000)
        one = Visitor(context.new_page(), name)
        if name:
            one.name = name = f"{name}-{next(_seeds)}"
            keys = sign_in(site, name, ("moderator", "operator") if staff else ())
            context.add_cookies([{"name": "sessionid", "value": keys.session, "url": site.base_url}])
            one.program = Program(site.base_url, keys.token)
        _listen(one)
        opened.append((context, one))
        return one

    yield open_browser
    for context, _ in opened:
        context.close()
    complaints = [words for _, one in opened for words in one.complaints]
    assert not complaints, complaints


@pytest.fixture
def visitor(browser: Browser, live_site: LiveSite) -> Iterator[Callable[..., Visitor]]:
    """Open a browser: visitor(), visitor("alice"), visitor("mod", staff=True). A console error fails the test."""
    with browsers(browser, live_site) as open_browser:
        yield open_browser


def _listen(one: Visitor) -> None:
    def on_console(message: Any) -> None:
        # A refusal that the page shows in words is not an error of its scripts.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            one.complaints.append(message.text)

    one.page.on("console", on_console)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))


def fresh_seed() -> int:
    """The number of a picture that no other test has."""
    return next(_seeds)


@pytest.fixture
def seed() -> int:
    return fresh_seed()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write a picture file: file(seed, quality=60, name="lake.jpg")."""

    def write(
        seed: int, quality: int = 92, name: str = "lake.jpg", size: tuple[int, int] = (480, 320)
    ) -> Path:
        path = tmp_path / f"{seed}-{quality}-{name}"
        path.write_bytes(encoded(landscape(seed, 480, 320).resize(size), "JPEG", quality=quality))
        return path

    return write


def uploaded(program: Program, paths: Sequence[Path]) -> list[str]:
    """The addresses of these files' uploads, once all are settled."""
    numbers = [program.upload(path.read_bytes(), path.name).json["id"] for path in paths]
    return [f"/uploads/{program.follow(number)['id']}" for number in numbers]


@pytest.fixture
def published(live_site: LiveSite) -> Callable[..., list[str]]:
    """Bob publishes files: published(file(seed)); the addresses of his pictures."""

    def publish_all(*paths: Path) -> list[str]:
        bob = Program(live_site.base_url, sign_in(live_site, f"bob-{next(_seeds)}").token)
        return [address.replace("/uploads/", "/pictures/") for address in uploaded(bob, paths)]

    return publish_all


def publish(someone: Visitor, *paths: Path) -> None:
    """Upload files by choosing them, and wait until all are settled."""
    page = someone.go("/upload")
    page.set_input_files("#file", [str(path) for path in paths])
    expect(page.locator("#files-count")).to_contain_text(f"{len(paths)} of {len(paths)} done")


def press(page: Page, key: str) -> None:
    """Press a key once the page has loaded: its scripts listen only then."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def ask(someone: Visitor, path: Path) -> Page:
    """Upload a look-alike and open its question."""
    someone.go(*someone.upload(path))
    expect(someone.page.get_by_role("heading", name="Do we already have this picture?")).to_be_visible()
    return someone.page


@pytest.fixture(scope="module")
def lake_question(
    browser: Browser, live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    """Alice is asked about the right two thirds of a picture that Bob has published. Nobody answers here."""
    whole, crop = (tmp_path_factory.mktemp("lake") / name for name in ("whole.jpg", "crop.jpg"))
    lake = landscape(fresh_seed(), 480, 320)
    lake.save(whole, quality=92)
    lake.crop((160, 0, 480, 320)).save(crop, quality=85)
    with browsers(browser, live_site) as visitor:
        visitor("bob").upload(whole)
        alice = visitor("alice")
        ask(alice, crop)
        yield alice


@pytest.fixture
def asked(lake_question: Visitor, visitor: Callable[..., Visitor]) -> Visitor:
    """A fresh browser of Alice's, open at the question."""
    alice = visitor(storage_state=lake_question.page.context.storage_state())
    alice.go(lake_question.page.url)
    return alice
