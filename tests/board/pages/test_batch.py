"""Several questions answered in one go: where one stands, forth and back, later, the summary, and undo."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from board.models import User
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, State
from tests.board.pages.conftest import Upload, at, jpeg, text


@pytest.fixture
def three(upload: Upload, alice: User, bob: User) -> list[Picture]:
    """Three uploads of Alice's that wait, each about another picture of Bob's."""
    held = []
    for seed in (11, 12, 13):
        upload(bob, jpeg(seed=seed, quality=92))
        held.append(upload(alice, jpeg(seed=seed, quality=55), name=f"{seed}.jpg"))
    assert {each.state for each in held} == {State.HELD}
    return held


def question_of(picture: Picture) -> str:
    return at("upload-status", picture.public_id)


def answer(browser: Client, held: Picture, verdict: str = "same", **more: Any) -> Any:
    match = Match.objects.open_for(held).first()
    assert match is not None
    return browser.post(at("answer", held.public_id), {"match": match.pk, "verdict": verdict, **more})


def where(page: str) -> str:
    found = re.search(r'class="where">([^<]*)<', page)
    return found.group(1) if found else ""


def key_of(page: str, key: str) -> str:
    """The address behind a key."""
    found = re.search(rf'href="([^"]*)"[^>]* data-key="{key}"', page)
    return found.group(1) if found else ""


def test_the_first_question_is_the_oldest(as_alice: Client, three: list[Picture]) -> None:
    assert as_alice.get(at("questions"))["Location"] == question_of(three[0])


def test_a_question_about_a_hub_alone_is_not_asked(as_alice: Client, three: list[Picture]) -> None:
    hub = Match.objects.open_for(three[0]).get().candidate
    Picture.objects.filter(pk=hub.pk).update(matching_blocked=True)
    assert as_alice.get(at("questions"))["Location"] == question_of(three[1])


def test_one_goes_forth_and_back(as_alice: Client, three: list[Picture]) -> None:
    first = text(as_alice.get(question_of(three[0])))
    assert (where(first), key_of(first, "arrowleft")) == ("1 of 3", "")
    assert key_of(first, "arrowright") == question_of(three[1])
    second = text(as_alice.get(question_of(three[1])))
    assert where(second) == "2 of 3"
    assert key_of(second, "arrowleft") == question_of(three[0])


def test_an_answer_leads_straight_to_the_next_question(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    response = answer(as_alice, three[0])
    assert response["Location"] == question_of(three[1])
    page = text(as_alice.get(response["Location"]))
    assert where(page) == "2 of 3"
    assert "11.jpg: the same picture. We keep one copy." in page
    assert at("undo", Decision.objects.get().pk) in page
    assert as_alice.post(at("undo", Decision.objects.get().pk))["Location"] == question_of(three[0])
    again = text(as_alice.get(question_of(three[0])))
    assert where(again) == "1 of 3"
    assert "We keep one copy" not in again


def test_a_key_pressed_twice_answers_once_and_goes_on(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    match = Match.objects.open_for(three[0]).get()
    for _ in range(2):
        given = {"match": match.pk, "verdict": "same"}
        response = as_alice.post(at("answer", three[0].public_id), given)
        assert response["Location"] == question_of(three[1])
    assert Decision.objects.count() == 1
    assert "We keep one copy." in text(as_alice.get(response["Location"]))


def test_an_answered_one_can_be_gone_back_to(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    page = text(as_alice.get(answer(as_alice, three[0])["Location"]))
    assert key_of(page, "arrowleft") == question_of(three[0])
    outcome = text(as_alice.get(question_of(three[0])))
    assert "Already here" in outcome
    assert where(outcome) == "1 of 3"
    assert key_of(outcome, "arrowright") == question_of(three[1])


def test_later_puts_a_question_last(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    response = as_alice.post(at("later", three[0].public_id))
    assert response["Location"] == question_of(three[1])
    assert where(text(as_alice.get(question_of(three[1])))) == "1 of 3"
    assert where(text(as_alice.get(question_of(three[0])))) == "3 of 3"
    assert Picture.objects.get(pk=three[0].pk).state == State.HELD


def test_the_last_answer_ends_on_a_summary(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    answer(as_alice, three[0])
    answer(as_alice, three[1], "different", reason="Another moment")
    response = answer(as_alice, three[2], "better")
    assert response["Location"] == at("answered")
    page = text(as_alice.get(response["Location"]))
    assert "All 3 questions are answered" in page
    for words in ("1 × Already here", "1 × Published", "1 × With staff", "Staff will compare both copies."):
        assert words in page
    for decision in Decision.objects.all():
        assert at("undo", decision.pk) in page
    as_alice.post(at("undo", Decision.objects.first().pk), {"next": at("answered")})  # type: ignore[union-attr]
    assert "1 question still waits" in text(as_alice.get(at("answered")))


def test_later_at_the_last_one_ends_on_the_summary(as_alice: Client, three: list[Picture]) -> None:
    as_alice.get(question_of(three[0]))
    answer(as_alice, three[0])
    answer(as_alice, three[1])
    assert as_alice.post(at("later", three[2].public_id))["Location"] == at("answered")
    page = text(as_alice.get(at("answered")))
    assert "1 question still waits" in page
    assert key_of(page, "arrowright") == at("questions")


def test_one_question_alone_needs_no_flow(as_alice: Client, held: Picture) -> None:
    page = text(as_alice.get(question_of(held)))
    assert where(page) == ""
    assert answer(as_alice, held)["Location"] == question_of(held)


def test_what_comes_to_wait_joins_at_the_end(
    as_alice: Client, three: list[Picture], upload: Upload, alice: User, bob: User
) -> None:
    as_alice.get(question_of(three[0]))
    answer(as_alice, three[0])
    upload(bob, jpeg(seed=14, quality=92))
    newcomer = upload(alice, jpeg(seed=14, quality=55))
    assert where(text(as_alice.get(question_of(three[1])))) == "2 of 4"
    assert where(text(as_alice.get(question_of(newcomer)))) == "4 of 4"


def test_after_a_finished_batch_a_new_one_begins(
    as_alice: Client, three: list[Picture], upload: Upload, alice: User, bob: User
) -> None:
    as_alice.get(question_of(three[0]))
    for each in three:
        answer(as_alice, each)
    upload(bob, jpeg(seed=14, quality=92))
    newcomer = upload(alice, jpeg(seed=14, quality=55))
    assert "3 × Already here" in text(as_alice.get(at("answered"))), (
        "the summary still tells of the old batch"
    )
    assert "One more question" in text(as_alice.get(question_of(three[0])))
    assert where(text(as_alice.get(question_of(newcomer)))) == "", "alone again"


def test_an_upload_whose_other_has_gone_is_no_question(
    as_alice: Client, three: list[Picture], bob: User
) -> None:
    match = Match.objects.get(query=three[1])
    workflow.withdraw(bob, match.candidate)
    as_alice.get(question_of(three[0]))
    assert answer(as_alice, three[0])["Location"] == question_of(three[2])


def test_staff_have_no_batch_of_others(as_mod: Client, three: list[Picture]) -> None:
    page = text(as_mod.get(question_of(three[0])))
    assert where(page) == ""
    assert at("later", three[0].public_id) not in page
    response = answer(as_mod, three[0])
    assert response["Location"] == question_of(three[0])
    assert "Thank you. We keep one copy." in text(as_mod.get(response["Location"]))


def test_later_belongs_to_the_uploader(as_bob: Client, client: Client, three: list[Picture]) -> None:
    address = at("later", three[0].public_id)
    assert as_bob.post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert as_bob.get(address).status_code == 405


def test_nothing_to_answer_is_said(as_bob: Client, client: Client) -> None:
    assert as_bob.get(at("questions"))["Location"] == at("answered")
    assert "Nothing waits for your answer" in text(as_bob.get(at("answered")))
    for name in ("questions", "answered"):
        assert client.get(at(name)).status_code == 302


def test_a_list_in_the_session_that_makes_no_sense_does_no_harm(
    as_alice: Client, three: list[Picture]
) -> None:
    session = as_alice.session
    session["batch"], session["last_answer"] = {"x": 1}, ["y"]
    session.save()
    assert where(text(as_alice.get(question_of(three[0])))) == "1 of 3"


def queries(browser: Client, address: str) -> int:
    browser.get(address)  # the session is written, and what is cached is there
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["question", "summary"])
def test_pages_take_as_many_queries_for_many_uploads(
    as_alice: Client, three: list[Picture], upload: Upload, alice: User, bob: User, page: str
) -> None:
    upload(alice, jpeg(seed=11, quality=45))  # alike to the first
    as_alice.get(question_of(three[0]))
    answer(as_alice, three[0], "variant")
    address = question_of(three[1]) if page == "question" else at("answered")
    few = queries(as_alice, address)
    for seed in (14, 15):
        upload(bob, jpeg(seed=seed, quality=92))
        upload(alice, jpeg(seed=seed, quality=55))
    upload(alice, jpeg(seed=11, quality=40))
    as_alice.get(question_of(three[1]))  # they join the batch
    assert queries(as_alice, address) == few
