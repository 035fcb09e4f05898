"""A run through the review queue without touching the mouse, and two reviewers who meet at one case."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from statistics import median, quantiles

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press
from tests.browser.filed import begin, file_cases, fill, published
from tests.servers.live import LiveSite

Open = Callable[..., Visitor]
CASES = 50
_LOOKING = 400  # milliseconds at each case: quicker than anybody could tell two pictures apart
_ENDS = """
    SELECT verdict, count(*) FROM dedupe_decision JOIN board_user person ON person.id = actor_id
    WHERE person.username = %s AND kind = 'review' GROUP BY verdict
"""
# From a key that is pressed until another case is there with both its pictures, or none is left.
_WATCH = """
() => {
  window.took = [];
  addEventListener("keydown", () => {
    const began = performance.now();
    const number = () => document.querySelector("[data-case]")?.dataset.case;
    const before = number();
    const look = () => {
      const now = number();
      const pictures = [...document.querySelectorAll(".pair .sheet img:not(.heat)")];
      const isShown = pictures.every((picture) => picture.complete && picture.naturalWidth);
      if (now !== before && isShown) requestAnimationFrame(() => window.took.push(performance.now() - began));
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true });
}
"""

_FETCHED_AHEAD = """
() => {
  const next = document.querySelector("[data-case]").dataset.next;
  return performance.getEntriesByType("resource").some((entry) => entry.name.endsWith(next));
}
"""


@pytest.fixture
def staff(visitor: Open) -> Visitor:
    return visitor("mod", staff=True)


def fifty_cases(pictures: list[int]) -> list[tuple[int, int, str]]:
    """Newer, older and the key that decides: all pairs of ten pictures stay apart, five further ones are merged."""
    ten, five = pictures[:10], pictures[10:]
    apart = [(newer, older, "34"[number % 2]) for number, (older, newer) in enumerate(combinations(ten, 2))]
    merged = [(newer, ten[0], "1") for newer in five]
    return [case for group in zip(*[iter(apart)] * 9, merged, strict=True) for case in group]


@pytest.mark.timeout(600)
def test_a_queue_of_fifty_cases_is_cleared_by_keys_alone(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    cases = fifty_cases(published(live_site, staff.name, tmp_path / "pictures", 15))
    assert len(cases) == CASES
    file_cases(live_site, [(newer, older) for newer, older, _ in cases])
    page = begin(staff, staff.name)
    page.evaluate(_WATCH)
    for number, (_, _, key) in enumerate(cases, start=1):
        page.wait_for_timeout(_LOOKING)
        page.keyboard.press(key)
        page.wait_for_function("count => window.took.length === count", arg=number)
    expect(page.get_by_text(f"{CASES} decided in this session.")).to_be_visible()
    expect(page.get_by_role("heading", name="No case fits")).to_be_visible()
    took = page.evaluate("window.took")
    print(
        f"\nFrom a key to the next case: median {median(took):.0f} ms, p95 {quantiles(took, n=20)[-1]:.0f} ms"
    )
    with live_site.connect() as connection:
        ends = dict(connection.execute(_ENDS, [staff.name]).fetchall())
    assert ends == {"same": 5, "variant": 23, "different": 22}


def test_a_key_counts_for_the_case_that_is_shown_though_the_answer_is_on_its_way(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 3)
    page = begin(staff, staff.name)
    page.wait_for_function(_FETCHED_AHEAD)
    page.keyboard.press("3")
    page.keyboard.press("4")
    expect(page.get_by_text("2 decided in this session.")).to_be_visible()
    with live_site.connect() as connection:
        ends = dict(connection.execute(_ENDS, [staff.name]).fetchall())
    assert ends == {"variant": 1, "different": 1}


def test_a_decision_that_cannot_be_sent_leaves_its_case_open(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 2)
    # Before the page is there: on a busy machine, one that is open goes on for a moment as if nothing were in the way.
    staff.page.route("**/close*", lambda route: route.abort())
    page = begin(staff, staff.name)
    page.wait_for_function(_FETCHED_AHEAD)
    case = page.locator("[data-case]").get_attribute("data-case")
    page.keyboard.press("3")
    expect(page.get_by_text("We could not be reached")).to_be_visible()
    expect(page.locator("[data-case]")).to_have_attribute("data-case", case or "")
    staff.complaints.clear()  # the browser's own, of the connection
    page.unroute("**/close*")
    page.keyboard.press("3")
    expect(page.get_by_text("1 decided in this session.")).to_be_visible()


def test_skip_undo_and_the_way_back_keep_their_places(
    staff: Visitor, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 3)
    page = begin(staff, staff.name)
    first = page.url
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(first)
    second = page.url
    expect(page.get_by_text("3 open.", exact=True)).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_text("Decided: different pictures.", exact=True)).to_be_visible()
    expect(page.locator("#told")).to_contain_text("2 open.")
    expect(page.locator("[data-arrive]")).to_be_focused()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone. Everything is as it was before.", exact=True)).to_be_visible()
    expect(page).to_have_url(second)
    page.go_back()
    expect(page).not_to_have_url(second)
    expect(page.get_by_role("button", name="Keep the older")).to_be_enabled()
    page.get_by_role("button", name="What differs").or_(
        page.get_by_role("button", name="Swipe")
    ).first.click()


def test_the_second_reviewer_is_told_and_led_to_the_next_case(
    staff: Visitor, visitor: Open, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 2)
    page = begin(staff, staff.name)
    contested = page.url
    page.keyboard.press("ArrowRight")  # the first is free again
    expect(page).not_to_have_url(contested)
    other = visitor("mia", staff=True)
    theirs = other.go(contested)
    expect(theirs.get_by_text("You have this case until")).to_be_visible()
    page.goto(contested)
    expect(page.get_by_text(f"{other.name} is looking at this case")).to_be_visible()
    expect(page.get_by_role("button", name="Keep the older")).to_have_count(0)
    page.get_by_role("link", name="The next free case").click()
    expect(page.get_by_text("You have this case until")).to_be_visible()


def test_a_claim_that_is_lost_meanwhile_stops_the_answers(
    staff: Visitor, visitor: Open, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 2)
    other = visitor("mia", staff=True)
    page = staff.go(f"/review/?by={staff.name}&kind=find")
    with live_site.connect() as connection:

        def taken_by_mia(route: object) -> None:
            """Mia is quicker: between the page and its claim."""
            connection.execute(
                "UPDATE dedupe_case SET claimed_until = now() + interval '5 minutes', claimed_by_id ="
                " (SELECT id FROM board_user WHERE username = %s) WHERE id = (SELECT min(dedupe_case.id) FROM"
                " dedupe_case JOIN dedupe_picture ON dedupe_picture.id = picture_id JOIN board_user ON"
                " board_user.id = owner_id WHERE username = %s)",
                [other.name, staff.name],
            )
            route.continue_()  # type: ignore[attr-defined]

        page.route("**/claim*", taken_by_mia)
        press(page, "ArrowRight")
        expect(page.get_by_text(f"{other.name} is looking at this case.")).to_be_visible()
        expect(page.get_by_role("button", name="Keep the older")).to_be_disabled()
        page.unroute("**/claim*")
    before = page.url
    page.keyboard.press("1")
    page.get_by_role("link", name="The next free case").click()
    expect(page).not_to_have_url(before)
    expect(page.get_by_role("button", name="Keep the older")).to_be_enabled()


def test_on_a_phone_the_case_comes_before_the_queue(
    visitor: Open, live_site: LiveSite, tmp_path: Path
) -> None:
    phone = visitor("mod", staff=True, viewport={"width": 360, "height": 740})
    fill(live_site, phone.name, tmp_path / "pictures", 2)
    page = phone.go(f"/review/?by={phone.name}")
    page.get_by_role("link", name="Begin").click()
    acts, queue = page.locator(".acts").bounding_box(), page.locator(".list").bounding_box()
    assert acts is not None
    assert queue is not None
    assert acts["y"] < queue["y"]
    assert not phone.scrolls_sideways()


def test_without_scripts_the_forms_do_it(
    staff: Visitor, visitor: Open, live_site: LiveSite, tmp_path: Path
) -> None:
    fill(live_site, staff.name, tmp_path / "pictures", 2)
    plain = visitor(storage_state=staff.page.context.storage_state(), java_script_enabled=False)
    page = plain.go(f"/review/?by={staff.name}")
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Take this case").click()
    expect(page.get_by_text("You have this case until")).to_be_visible()
    page.get_by_role("button", name="Keep the older").click()
    expect(page.get_by_text("Decided: the older stays.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo my last").click()
    expect(page.get_by_text("Undone. Everything is as it was before.", exact=True)).to_be_visible()
