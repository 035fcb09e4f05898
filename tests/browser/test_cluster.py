"""Pictures that hang together, decided on one page: by keys, by keys too quick for the line, and on a phone."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.filed import begin, file_cases, published
from tests.servers.live import LiveSite

Open = Callable[..., Visitor]
_ENDS = """
    SELECT picture.state, count(*) FROM dedupe_picture picture WHERE picture.id = ANY(%s) GROUP BY picture.state
"""
_SAID = """
    SELECT verdict, count(*) FROM dedupe_decision JOIN board_user person ON person.id = actor_id
    WHERE person.username = %s AND kind = 'review' AND NOT EXISTS
      (SELECT FROM dedupe_decision later WHERE later.undoes_id = dedupe_decision.id) GROUP BY verdict
"""


@pytest.fixture
def staff(visitor: Open) -> Visitor:
    return visitor("mod", staff=True)


def four(staff: Visitor, site: LiveSite, folder: Path) -> list[int]:
    """Four pictures in a row, each found beside the one before: one case; the oldest first."""
    pictures = published(site, staff.name, folder / "pictures", 4)
    file_cases(site, [(newer, older) for older, newer in pairwise(pictures)])
    site.manage("sweep")  # which writes down what hangs together
    return pictures


def ask(site: LiveSite, sql: str, value: object) -> dict[str, int]:
    with site.connect() as connection:
        return dict(connection.execute(sql, [value]).fetchall())


def beside(page: Page, number: int, kept: int) -> None:
    """Wait until this picture is on the stage with the one that stays."""
    expect(page.get_by_role("group", name=f"What No. {number} is to No. {kept}")).to_be_visible()


def test_each_picture_is_said_by_a_key_and_all_decided_by_one(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    pictures = four(staff, live_site, tmp_path)
    page = begin(staff, staff.name)
    expect(page.get_by_role("heading", name="4 pictures hang together. Which one stays?")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator(".member.kept")).to_contain_text("No. 3")
    for number, key in ((1, "m"), (2, "v"), (4, "d")):
        while page.get_by_role("group", name=f"What No. {number} is to No. 3").count() == 0:
            shown = page.locator(".member.beside").inner_text()
            page.keyboard.press("n")
            expect(page.locator(".member.beside")).not_to_have_text(shown, use_inner_text=True)
        page.keyboard.press(key)
        expect(page.locator(f".says [data-key={key}]")).to_have_attribute("aria-current", "true")
    page.keyboard.press("f")
    expect(page.get_by_text("1 decided in this session.")).to_be_visible()
    # What No. 2 is to No. 1, by which it came, is answered along: No. 1 leads to No. 3 now.
    assert ask(live_site, _SAID, staff.name) == {"same": 1, "variant": 2, "different": 1}
    assert ask(live_site, _ENDS, pictures) == {"live": 3, "withdrawn": 1}
    page.keyboard.press("z")
    expect(page.get_by_text("Undone. Everything is as it was before.", exact=True)).to_be_visible()
    assert ask(live_site, _ENDS, pictures) == {"live": 4}


def test_keys_that_are_quicker_than_the_line_are_done_one_after_the_other(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    pictures = four(staff, live_site, tmp_path)
    page = begin(staff, staff.name)

    def slow(route: Any) -> None:
        time.sleep(0.3)
        route.continue_()

    page.keyboard.press("4")
    beside(page, 2, 4)
    page.route("**/review/*", slow)
    for key in ("d", "n", "d", "n", "v", "f"):
        page.keyboard.press(key)
    expect(page.get_by_text("1 decided in this session.")).to_be_visible()
    assert ask(live_site, _SAID, staff.name) == {"different": 2, "variant": 1}
    assert ask(live_site, _ENDS, pictures) == {"live": 4}


def test_on_a_phone_nothing_scrolls_sideways(visitor: Open, live_site: LiveSite, tmp_path: Path) -> None:
    phone = visitor("mod", staff=True, viewport={"width": 320, "height": 700})
    four(phone, live_site, tmp_path)
    page = phone.go(f"/review/?by={phone.name}")
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_role("button", name="Decide so")).to_be_visible()
    assert not phone.scrolls_sideways()
    page.get_by_role("button", name="All the same").click()
    expect(page.get_by_text("1 decided in this session.")).to_be_visible()
