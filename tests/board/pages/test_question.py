"""The page of an upload: progress, the question, the answers, the outcome."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Decision, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from tests.board.pages.conftest import Upload, at, jpeg, text


def state_of(picture: Picture) -> str:
    return Picture.objects.get(pk=picture.pk).state


def answer(browser: Client, held: Picture, match: Match, verdict: str, **more: Any) -> Any:
    return browser.post(at("answer", held.public_id), {"match": match.pk, "verdict": verdict, **more})


def test_progress_asks_again_until_there_is_news(as_alice: Client, upload: Upload, alice: User) -> None:
    staged = upload(alice, jpeg(), check=False)
    address = at("upload-status", staged.public_id)
    page = text(as_alice.get(address))
    assert 'hx-trigger="every 1s"' in page
    assert 'aria-live="polite"' in page
    fragment = as_alice.get(address, headers={"HX-Request": "true"})
    assert "<html" not in text(fragment)
    workflow.analyse_picture(staged.pk)
    settled = as_alice.get(address, headers={"HX-Request": "true"})
    assert (settled.status_code, settled["HX-Refresh"]) == (204, "true")
    assert "Published" in text(as_alice.get(address))


def test_the_question_shows_both_and_four_answers(as_alice: Client, held: Picture, live: Picture) -> None:
    page = text(as_alice.get(at("upload-status", held.public_id)))
    assert page.count('class="answer guess"') == 1
    for picture in (held, live):
        assert at("rendition", picture.rendition("large").key) in page  # type: ignore[union-attr]
    for words in ("same picture", "better copy", "a variant", "a different picture", "Why we ask", "30 days"):
        assert words in page
    for key in "sbvd":
        assert f'data-key="{key}"' in page


LIMIT = "More pictures look a little like this than we look through"


def test_the_question_says_what_a_bound_cut(
    as_alice: Client, upload: Upload, alice: User, live: Picture, settings: Any
) -> None:
    settings.DEDUPE = {"branch_limit": 1}
    held = upload(alice, jpeg(quality=60))
    assert held.state == State.HELD
    page = text(as_alice.get(at("upload-status", held.public_id)))
    assert page.count(LIMIT) == 1


def test_the_question_says_nothing_of_bounds_when_nothing_was_cut(as_alice: Client, held: Picture) -> None:
    page = text(as_alice.get(at("upload-status", held.public_id)))
    assert "More pictures look" not in page


def test_the_outcome_says_what_did_not_answer(
    as_alice: Client, upload: Upload, alice: User, settings: Any
) -> None:
    settings.DEDUPE = {"embedders": [{"class": "no.such.Embedder"}]}
    published = upload(alice, jpeg())
    page = text(as_alice.get(at("upload-status", published.public_id)))
    assert "We found nothing that looks like it." in page
    assert "A part of the search did not answer: there may be more." in page


@pytest.mark.parametrize(
    ("verdict", "more", "state"),
    [
        ("same", {}, State.WITHDRAWN),
        ("better", {}, State.HELD),
        ("variant", {}, State.LIVE),
        ("variant", {"reason": "Other text"}, State.LIVE),
        ("different", {"words": "another season"}, State.LIVE),
    ],
)
def test_each_answer_takes_effect(
    as_alice: Client, held: Picture, match: Match, verdict: str, more: dict[str, str], state: State
) -> None:
    response = answer(as_alice, held, match, verdict, **more)
    assert (response.status_code, state_of(held)) == (302, state)
    decision = Decision.objects.get()
    assert (decision.verdict, decision.reason) == (verdict, "".join(more.values()))
    page = text(as_alice.get(response["Location"]))
    assert "Thank you" in page
    assert at("undo", decision.pk) in page


def test_different_wants_a_reason(as_alice: Client, held: Picture, match: Match) -> None:
    response = answer(as_alice, held, match, "different")
    assert response.status_code == 400
    assert "what differs" in text(response)
    assert state_of(held) == State.HELD


@pytest.mark.parametrize("given", [{}, {"match": "x", "verdict": "same"}, {"match": "1", "verdict": "maybe"}])
def test_nonsense_is_refused(as_alice: Client, held: Picture, given: dict[str, str]) -> None:
    assert as_alice.post(at("answer", held.public_id), given).status_code == 400


def test_a_match_of_others_is_not_found(as_alice: Client, held: Picture, match: Match) -> None:
    assert (
        as_alice.post(at("answer", held.public_id), {"match": match.pk + 9, "verdict": "same"}).status_code
        == 404
    )


def test_the_second_answer_comes_too_late(as_alice: Client, held: Picture, match: Match) -> None:
    answer(as_alice, held, match, "same")
    again = answer(as_alice, held, match, "variant")
    assert again.status_code == 409
    assert "not waiting for an answer any more" in text(again)


def test_an_answer_to_a_proposal_waits_for_staff(
    as_alice: Client, proposal: Case, held: Picture, match: Match
) -> None:
    assert "Staff are comparing" in text(as_alice.get(at("upload-status", held.public_id)))
    assert answer(as_alice, held, match, "same").status_code == 409


def test_the_other_has_gone_meanwhile(as_alice: Client, held: Picture, match: Match, live: Picture) -> None:
    workflow.withdraw(live.owner, live)
    response = answer(as_alice, held, match, "same")
    assert response.status_code == 409
    assert "has gone in the meantime" in text(response)
    assert "We compare again" in text(as_alice.get(at("upload-status", held.public_id)))


def test_a_failed_search_is_said(
    as_alice: Client, held: Picture, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SearchFailed("timeout")

    monkeypatch.setattr("board.pages.answering.workflow.answer", fail)
    response = answer(as_alice, held, match, "variant")
    assert response.status_code == 503
    assert "could not be finished" in text(response)


def test_who_may_not_is_told(
    as_alice: Client, held: Picture, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise workflow.NotAllowed("Only the uploader or staff may decide about this upload.")

    monkeypatch.setattr("board.pages.answering.workflow.answer", refuse)
    response = answer(as_alice, held, match, "same")
    assert response.status_code == 403
    assert "Only the uploader or staff" in text(response)


def test_identical_bytes_leave_one_answer(
    as_alice: Client, upload: Upload, live: Picture, alice: User
) -> None:
    twin = upload(alice, jpeg(quality=92))
    assert twin.duplicate_of == live
    workflow.undo_decision(alice, Decision.objects.get())
    page = text(as_alice.get(at("upload-status", twin.public_id)))
    assert 'value="same"' in page
    assert 'value="different"' not in page
    assert "very same file" in page
    match = Match.objects.get()
    response = answer(as_alice, twin, match, "different", reason="x")
    assert response.status_code == 409
    assert "only one of them" in text(response)


def test_several_look_alikes_are_asked_one_at_a_time(
    as_alice: Client, upload: Upload, live: Picture, bob: User, alice: User
) -> None:
    second = upload(bob, jpeg(quality=75))
    workflow.answer(bob, second, Match.objects.get(query=second), Verdict.VARIANT)
    third = upload(alice, jpeg(quality=50))
    page = text(as_alice.get(at("upload-status", third.public_id)))
    assert "Look-alike 1 of 2" in page
    wanted = Match.objects.filter(query=third).order_by("probability", "-distance").first()
    assert wanted is not None
    assert "Look-alike 2 of 2" in text(
        as_alice.get(f"{at('upload-status', third.public_id)}?match={wanted.pk}")
    )
    response = answer(as_alice, third, wanted, "variant")
    assert "Do we already have this picture?" in text(as_alice.get(response["Location"]))


def test_staff_may_answer_and_read_of_the_newer(as_mod: Client, held: Picture, match: Match) -> None:
    page = text(as_mod.get(at("upload-status", held.public_id)))
    assert "The upload" in page
    assert answer(as_mod, held, match, "same").status_code == 302
    assert Decision.objects.get().role == "staff"


def test_the_next_question_comes_at_once(
    as_alice: Client, held: Picture, match: Match, upload: Upload, bob: User, alice: User
) -> None:
    upload(bob, jpeg(seed=5, quality=92))
    second = upload(alice, jpeg(seed=5, quality=50))
    assert "1 more question" in text(as_alice.get(at("upload-status", held.public_id)))
    assert answer(as_alice, held, match, "same")["Location"] == at("upload-status", second.public_id)


@pytest.fixture
def several(upload: Upload, live: Picture, bob: User, alice: User) -> Picture:
    """Alice's upload that looks like two pictures of Bob's."""
    second = upload(bob, jpeg(quality=75))
    workflow.answer(bob, second, Match.objects.get(query=second), Verdict.VARIANT)
    return upload(alice, jpeg(quality=50))


def about_all(held: Picture) -> dict[str, Any]:
    listed = [match.pk for match in Match.objects.open_for(held)]
    return {"match": listed[0], "scope": "all", "listed": listed}


def test_all_look_alikes_can_be_answered_at_once(as_alice: Client, several: Picture) -> None:
    address = at("upload-status", several.public_id)
    one = text(as_alice.get(address))
    assert "about all 2" in one
    assert "published once the other look-alike is answered" in one
    page = text(as_alice.get(f"{address}?scope=all"))
    assert "Different from all 2" in page
    assert "A variant of all 2" in page
    assert 'value="same"' not in page
    sent = {**about_all(several), "verdict": "different", "reason": "Another subject"}
    response = as_alice.post(at("answer", several.public_id), sent)
    assert state_of(several) == State.LIVE
    assert "ask about it and any of the 2 again" in text(as_alice.get(response["Location"]))


def test_of_all_only_variant_or_different_can_be_said(as_alice: Client, several: Picture) -> None:
    response = as_alice.post(at("answer", several.public_id), {**about_all(several), "verdict": "same"})
    assert response.status_code == 400
    assert "only variant or different" in text(response)
    assert "Different from all 2" in text(response), "the choice is kept"


def test_look_alikes_of_others_cannot_be_slipped_in(as_alice: Client, several: Picture, bob: User) -> None:
    theirs = Match.objects.exclude(query=several).get()
    sent = {**about_all(several), "verdict": "variant"}
    sent["listed"] = [*sent["listed"], theirs.pk]
    assert as_alice.post(at("answer", several.public_id), sent).status_code == 404
    assert state_of(several) == State.HELD


def test_one_that_was_answered_meanwhile_stops_all(as_alice: Client, several: Picture, alice: User) -> None:
    sent = {**about_all(several), "verdict": "variant"}
    first = Match.objects.open_for(several).first()
    assert first is not None
    workflow.answer(alice, several, first, Verdict.VARIANT)
    response = as_alice.post(at("answer", several.public_id), sent)
    assert response.status_code == 409
    assert "answered already" in text(response)
    assert Decision.objects.filter(picture=several).count() == 1


@pytest.fixture
def worded(upload: Upload, alice: User, live: Picture) -> Picture:
    """Alice's upload with a tag and a source that Bob's picture lacks."""
    return upload(alice, jpeg(quality=60), title="Dusk", tags=["alps", "lake"], source="https://a.example/1")


def test_same_offers_the_words_that_are_missing(as_alice: Client, worded: Picture, live: Picture) -> None:
    page = text(as_alice.get(at("upload-status", worded.public_id)))
    assert 'name="tag" value="alps" checked' in page
    assert 'name="tag" value="lake"' not in page
    assert 'name="source" value="1" checked' in page
    assert 'name="title"' not in page, "Bob's picture has a title"
    assert "What is ticked below is added" in page


def test_chosen_words_go_along_and_come_back(as_alice: Client, worded: Picture, live: Picture) -> None:
    match = Match.objects.get(query=worded)
    response = answer(as_alice, worded, match, "same", tag=["alps"], source="1")
    page = text(as_alice.get(response["Location"]))
    assert "It got 1 tag and the source from yours." in page
    live.post.refresh_from_db()
    assert live.post.source == "https://a.example/1"
    assert "alps" in text(as_alice.get(at("picture", live.public_id)))
    as_alice.post(at("undo", Decision.objects.get().pk))
    live.post.refresh_from_db()
    assert live.post.source == ""
    assert "alps" not in {tag.name for tag in live.post.tags.all()}


def test_unticked_words_stay(as_alice: Client, worded: Picture, live: Picture) -> None:
    answer(as_alice, worded, Match.objects.get(query=worded), "same")
    assert {tag.name for tag in live.post.tags.all()} == {"lake", "dusk"}
    assert not Decision.objects.get().ledger.filter(model="site:post").exists()


def test_what_differs_is_judged_in_words(as_alice: Client, worded: Picture) -> None:
    page = text(as_alice.get(at("upload-status", worded.public_id)))
    for words in ("Worse: more compressed", "not published yet", "Better: the other has none", "Fewer bytes"):
        assert words in page


def test_consequences_say_what_staff_may_do(as_alice: Client, held: Picture, match: Match) -> None:
    page = text(as_alice.get(at("upload-status", held.public_id)))
    assert ("staff may look at it" in page) is match.confident
    assert "kept for 30 days, in case you undo this, then deleted" in page


@pytest.mark.parametrize("verdict", ["variant", "same"])
@pytest.mark.parametrize("gone", ["withdrawn", "removed"])
def test_the_outcome_names_no_picture_that_has_gone(
    as_alice: Client,
    as_mod: Client,
    held: Picture,
    match: Match,
    live: Picture,
    mod: User,
    gone: str,
    verdict: str,
) -> None:
    answer(as_alice, held, match, verdict)
    address = at("upload-status", held.public_id)
    assert "The lake" in text(as_alice.get(address))
    workflow.withdraw(live.owner if gone == "withdrawn" else mod, live)
    page = text(as_alice.get(address))
    assert "The lake" not in page
    assert live.public_id not in page
    assert "The lake" in text(as_mod.get(address)), "staff see all"
    if verdict == "same":
        assert "has gone since" in page


def queries(browser: Client, address: str) -> int:
    browser.get(address)  # the session is written, and what is cached is there
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_the_page_takes_as_many_queries_for_many_look_alikes(
    as_alice: Client, held: Picture, several: Picture
) -> None:
    one, two = (queries(as_alice, at("upload-status", each.public_id)) for each in (held, several))
    assert one == two
    assert one <= 18
