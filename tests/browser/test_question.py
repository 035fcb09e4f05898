"""Being asked, answering, taking it back; and staff after that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, ask, fresh_seed, press

Open = Callable[..., Visitor]
File = Callable[..., Path]
Published = Callable[..., list[str]]


@pytest.fixture
def asked(visitor: Open, published: Published, file: File, seed: int) -> Visitor:
    """Alice before the question about a picture that Bob has published."""
    published(file(seed))
    alice = visitor("alice")
    ask(alice, file(seed, quality=55))
    return alice


def test_same_by_key_and_undo_by_key(asked: Visitor) -> None:
    page = asked.page
    upload = page.url
    press(page, "s")
    expect(page.get_by_role("heading", name="Already here")).to_be_visible()
    page.goto(upload.replace("/uploads/", "/pictures/"))
    expect(page.get_by_text("The address you followed")).to_be_visible()
    page.goto(upload)
    press(page, "z")
    expect(page.get_by_role("heading", name="Do we already have this picture?")).to_be_visible()


def test_different_by_key_asks_why_and_staff_reverse_it(asked: Visitor, visitor: Open) -> None:
    page = asked.page
    press(page, "d")
    press(page, "1")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
    staff = visitor("mod", staff=True)
    queue = staff.go("/review/")
    queue.locator(".list .row", has_text=asked.name).click()
    expect(queue.get_by_text("You have this case until")).to_be_visible()
    expect(queue.get_by_text("Another moment").first).to_be_visible()
    case = queue.url
    press(queue, "1")
    expect(queue.get_by_text("Decided: the older stays.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Already here")).to_be_visible()
    queue.goto(case)
    press(queue, "z")
    expect(queue.get_by_text("Undone. Everything is as it was before.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def test_keys_sleep_while_somebody_types(asked: Visitor) -> None:
    page = asked.page
    press(page, "v")
    words = page.get_by_label("In your own words").first
    words.fill("")
    words.press_sequentially("sbd")
    expect(words).to_have_value("sbd")
    words.press("Enter")
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def test_the_views_lay_one_over_the_other(asked: Visitor) -> None:
    page = asked.page

    def frames() -> list[object]:
        return [frame.bounding_box() for frame in page.locator(".pair .frame").all()]

    for view in ("Swipe", "Onion skin", "Blink", "Difference"):
        page.get_by_role("button", name=view).click()
        expect(page.get_by_role("button", name=view)).to_have_attribute("aria-pressed", "true")
        over, under = frames()
        assert over == under, view
        expect(page.locator("[data-slider]")).to_be_visible(visible=view in {"Swipe", "Onion skin"})
    page.get_by_role("button", name="Side by side").click()
    left, right = frames()
    assert left != right


def test_on_a_phone_answers_come_before_tables(
    visitor: Open, published: Published, file: File, seed: int
) -> None:
    published(file(seed))
    alice = visitor("alice", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = ask(alice, file(seed, quality=55))
    answers = page.locator(".answers").bounding_box()
    table = page.locator(".compared").bounding_box()
    assert answers is not None
    assert table is not None
    assert answers["y"] < table["y"]
    assert not alice.scrolls_sideways()


def test_the_better_copy_goes_to_staff(visitor: Open, published: Published, file: File, seed: int) -> None:
    published(file(seed, size=(240, 160)))
    alice = visitor("alice")
    page = ask(alice, file(seed))
    expect(page.locator(".answer.guess")).to_contain_text("Mine is the better copy")
    press(page, "b")
    expect(page.get_by_role("heading", name="Staff are comparing both copies")).to_be_visible()


ANSWERS = ["same", "better", "variant", "different"]
OUTCOMES = {
    "same": "Already here",
    "better": "Staff are comparing both copies",
    "variant": "Published",
    "different": "Published",
}
TITLES = {
    "same": "It’s the same picture",
    "better": "Mine is the better copy",
    "variant": "It’s a variant",
    "different": "It’s a different picture",
}
HOW = {
    "mouse": {},
    "keyboard": {},
    "touch": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}


def give(page: Page, verdict: str, how: str) -> None:
    """Answer a question in one of the four ways, with a ready-made reason where one is asked for."""
    if how == "keyboard":
        press(page, verdict[0])
        if verdict in {"variant", "different"}:
            press(page, "1")
        return
    act = "tap" if how == "touch" else "click"
    getattr(page.locator(".answer", has_text=TITLES[verdict]).locator("b"), act)()
    if verdict in {"variant", "different"}:
        getattr(page.locator("details.answer[open] .chip").first, act)()


@pytest.mark.parametrize("how", list(HOW))
@pytest.mark.parametrize("verdict", ANSWERS)
def test_each_answer_by_mouse_by_keyboard_and_by_touch(
    visitor: Open, published: Published, file: File, seed: int, verdict: str, how: str
) -> None:
    published(file(seed))
    alice = visitor("alice", **HOW[how])
    page = ask(alice, file(seed, quality=55))
    expect(page.locator(".answer kbd").first).to_be_visible(visible=how != "touch")
    give(page, verdict, how)
    expect(page.get_by_role("heading", name=OUTCOMES[verdict])).to_be_visible()
    assert not alice.scrolls_sideways()
    undo = page.get_by_role("button", name="Undo")
    if how == "keyboard":
        press(page, "z")
    else:
        getattr(undo, "tap" if how == "touch" else "click")()
    expect(page.get_by_role("heading", name="Do we already have this picture?")).to_be_visible()


@pytest.fixture
def batch(visitor: Open, published: Published, file: File) -> Visitor:
    """Alice with three questions, each about another picture of Bob's."""
    seeds = [fresh_seed() for _ in range(3)]
    published(*(file(each) for each in seeds))
    alice = visitor("alice")
    alice.upload(*(file(each, quality=55) for each in seeds))
    alice.go("/uploads/questions")
    return alice


def test_three_questions_are_cleared_by_keys(batch: Visitor) -> None:
    page = batch.page
    where = page.locator(".batch .where")
    expect(where).to_have_text("1 of 3")
    press(page, "ArrowRight")
    expect(where).to_have_text("2 of 3")
    press(page, "ArrowLeft")
    expect(where).to_have_text("1 of 3")
    press(page, "s")
    expect(page.get_by_text("We keep one copy.")).to_be_visible()
    expect(where).to_have_text("2 of 3")
    press(page, "z")
    expect(where).to_have_text("1 of 3")
    press(page, "s")
    expect(where).to_have_text("2 of 3")
    press(page, "l")
    expect(where).to_have_text("2 of 3")
    press(page, "d")
    press(page, "2")
    expect(where).to_have_text("3 of 3")
    press(page, "v")
    press(page, "1")
    expect(page.get_by_role("heading", name="All 3 questions are answered")).to_be_visible()
    assert not batch.scrolls_sideways()
    press(page, "z")
    expect(where).to_have_text("3 of 3")


def test_a_batch_works_without_scripts(batch: Visitor, visitor: Open) -> None:
    page = batch.page
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=page.url.split("/uploads")[0],
        storage_state=page.context.storage_state(),
        java_script_enabled=False,
    )
    plain = context.new_page()
    plain.goto("/uploads/questions")
    where = plain.locator(".batch .where")
    expect(where).to_have_text("1 of 3")
    plain.locator(".answer", has_text="same picture").click()
    expect(where).to_have_text("2 of 3")
    plain.get_by_role("button", name="Later").click()
    plain.locator(".answer", has_text="a variant").locator("summary").click()
    plain.locator("details[open] .chip").first.click()
    plain.locator("summary", has_text="a different picture").click()
    plain.get_by_label("In your own words").last.fill("another evening")
    plain.locator("details[open]").get_by_role("button", name="Answer", exact=True).click()
    expect(plain.get_by_role("heading", name="All 3 questions are answered")).to_be_visible()
    context.close()


def test_words_are_ticked_and_one_is_left_behind(
    visitor: Open, published: Published, file: File, seed: int
) -> None:
    published(file(seed))
    alice = visitor("alice")
    page = alice.go("/upload")
    page.get_by_label("Tags").fill("alps, boat")
    page.set_input_files("#file", str(file(seed, quality=55)))
    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_label("alps")).to_be_checked()
    page.get_by_label("boat").uncheck()
    page.locator(".answer", has_text="same picture").click()
    expect(page.get_by_text("It got 1 tag from yours.")).to_be_visible()
    page.get_by_role("link", name="See the picture").click()
    expect(page.get_by_role("link", name="alps")).to_be_visible()
    expect(page.get_by_text("boat")).to_have_count(0)


def test_the_same_answer_for_what_is_alike(
    visitor: Open, published: Published, file: File, seed: int
) -> None:
    published(file(seed))
    alice = visitor("alice", viewport={"width": 360, "height": 740})
    alice.upload(*(file(seed, quality=quality) for quality in (60, 50, 40)))
    page = alice.go("/uploads/questions")
    press(page, "s")
    expect(page.get_by_text("2 more of yours are like this")).to_be_visible()
    assert not alice.scrolls_sideways()
    press(page, "g")
    expect(page.get_by_role("heading", name="All 3 questions are answered")).to_be_visible()
    press(page, "z")
    expect(page.locator(".batch .where")).to_have_text("2 of 3")
