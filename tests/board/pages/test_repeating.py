"""The same answer for what is alike, and several answers taken back at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import Post, User
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, State, Verdict
from tests.board.pages.conftest import Upload, at, jpeg, text


@pytest.fixture
def alike(upload: Upload, alice: User, held: Picture) -> list[Picture]:
    """Two more uploads of Alice's that look like the same picture of Bob's."""
    return [
        upload(alice, jpeg(quality=quality), name=f"again-{quality}.jpg", tags=[f"tag{quality}"])
        for quality in (50, 40)
    ]


def states(*pictures: Picture) -> list[str]:
    return [Picture.objects.get(pk=picture.pk).state for picture in pictures]


def answer(browser: Client, held: Picture, verdict: str, **more: Any) -> Any:
    match = Match.objects.open_for(held).first()
    assert match is not None
    browser.get(at("upload-status", held.public_id))
    return browser.post(at("answer", held.public_id), {"match": match.pk, "verdict": verdict, **more})


def ticks(*uploads: Picture) -> list[int]:
    return [match.pk for upload in uploads for match in Match.objects.open_for(upload)]


def test_what_is_alike_is_offered_with_check_boxes(
    as_alice: Client, held: Picture, alike: list[Picture]
) -> None:
    page = text(as_alice.get(answer(as_alice, held, "same")["Location"]))
    assert "2 more of yours are like this" in page
    for pk in ticks(*alike):
        assert f'name="match" value="{pk}" checked' in page
    assert at("repeat-answer", Decision.objects.get().pk) in page


def test_the_ticked_ones_are_answered_the_same(as_alice: Client, held: Picture, alike: list[Picture]) -> None:
    answer(as_alice, held, "different", reason="Another moment")
    first = Decision.objects.get()
    response = as_alice.post(at("repeat-answer", first.pk), {"match": ticks(alike[0])})
    again = Decision.objects.get(picture__in=alike)
    assert (again.picture, again.verdict, again.reason) == (alike[0], "different", "Another moment")
    assert states(*alike) == [State.HELD] * 2, "both look like the first too, which is published now"
    page = text(as_alice.get(response["Location"]))
    assert "You said the same of one more upload: a different picture." in page
    assert at("undo", again.pk) in page


@pytest.mark.parametrize("words", [True, False])
def test_words_go_along_where_that_is_ticked(
    as_alice: Client, held: Picture, alike: list[Picture], live: Picture, words: bool
) -> None:
    answer(as_alice, held, "same")
    given = {"match": ticks(*alike)} | ({"words": "1"} if words else {})
    as_alice.post(at("repeat-answer", Decision.objects.get().pk), given)
    assert states(*alike) == [State.WITHDRAWN] * 2
    names = {tag.name for tag in Post.objects.get(picture=live).tags.all()}
    assert names == {"lake", "dusk"} | ({"tag50", "tag40"} if words else set())


def test_all_repeated_answers_are_taken_back_together(
    as_alice: Client, held: Picture, alike: list[Picture], live: Picture
) -> None:
    answer(as_alice, held, "same")
    first = Decision.objects.get()
    response = as_alice.post(at("repeat-answer", first.pk), {"match": ticks(*alike), "words": "1"})
    assert response["Location"] == at("answered")
    assert "Undo all 2" in text(as_alice.get(response["Location"]))
    made = list(Decision.objects.exclude(pk=first.pk).values_list("pk", flat=True))
    back = as_alice.post(at("undo-answers"), {"decision": made})
    assert states(held, *alike) == [State.WITHDRAWN, State.HELD, State.HELD]
    assert {tag.name for tag in Post.objects.get(picture=live).tags.all()} == {"lake", "dusk"}
    assert "2 answers were taken back" in text(as_alice.get(back["Location"]))


def test_each_failure_is_told(
    as_alice: Client, held: Picture, alike: list[Picture], monkeypatch: Any
) -> None:
    answer(as_alice, held, "same")
    real = workflow.answer

    def fail_once(actor: Any, upload: Picture, *more: Any) -> Decision:
        if upload == alike[0]:
            raise workflow.Conflict("Somebody has answered already.")
        return real(actor, upload, *more)

    monkeypatch.setattr("dedupe.workflow.answering_many.answer", fail_once)
    response = as_alice.post(at("repeat-answer", Decision.objects.get().pk), {"match": ticks(*alike)})
    assert states(*alike) == [State.HELD, State.WITHDRAWN]
    page = text(as_alice.get(response["Location"]))
    assert "again-50.jpg: Somebody has answered already." in page


def test_what_is_open_no_more_is_told(
    as_alice: Client, held: Picture, alike: list[Picture], alice: User
) -> None:
    answer(as_alice, held, "same")
    given = ticks(*alike)
    workflow.withdraw(alice, alike[0])
    response = as_alice.post(
        at("repeat-answer", Decision.objects.get(verdict="same").pk), {"match": [*given, 10**30, "x"]}
    )
    assert states(*alike) == [State.WITHDRAWN] * 2
    assert "not open any more" in text(as_alice.get(response["Location"]))


def test_nothing_ticked_answers_nothing(as_alice: Client, held: Picture, alike: list[Picture]) -> None:
    answer(as_alice, held, "same")
    response = as_alice.post(at("repeat-answer", Decision.objects.get().pk))
    assert states(*alike) == [State.HELD] * 2
    assert "None was ticked" in text(as_alice.get(response["Location"]))


def test_a_question_that_is_not_alike_cannot_be_slipped_in(
    as_alice: Client, held: Picture, alike: list[Picture], upload: Upload, alice: User, bob: User
) -> None:
    upload(bob, jpeg(seed=8, quality=92))
    stranger = upload(alice, jpeg(seed=8, quality=55))
    answer(as_alice, held, "same")
    as_alice.post(at("repeat-answer", Decision.objects.get().pk), {"match": ticks(stranger)})
    assert states(stranger) == [State.HELD]


def test_answers_of_others_are_not_repeated_or_undone(
    as_alice: Client, as_bob: Client, as_mod: Client, client: Client, held: Picture, alike: list[Picture]
) -> None:
    answer(as_alice, held, "same")
    pk = Decision.objects.get().pk
    for browser in (as_bob, as_mod):
        assert browser.post(at("repeat-answer", pk), {"match": ticks(*alike)}).status_code == 404
        assert browser.post(at("undo-answers"), {"decision": [pk]}).status_code == 404
    assert client.post(at("repeat-answer", pk)).status_code == 302
    assert client.post(at("undo-answers")).status_code == 302
    assert as_alice.get(at("repeat-answer", pk)).status_code == 405
    assert as_alice.get(at("undo-answers")).status_code == 405
    assert states(held, *alike) == [State.WITHDRAWN, State.HELD, State.HELD]


def test_an_answer_that_was_undone_is_not_repeated(
    as_alice: Client, held: Picture, alike: list[Picture], alice: User
) -> None:
    answer(as_alice, held, "same")
    decision = Decision.objects.get()
    workflow.undo_decision(alice, decision)
    assert as_alice.post(at("repeat-answer", decision.pk), {"match": ticks(*alike)}).status_code == 404


def test_an_undo_that_comes_too_late_is_told(
    as_alice: Client, held: Picture, alike: list[Picture], mod: User
) -> None:
    answer(as_alice, held, "variant")
    decision = Decision.objects.get(verdict=Verdict.VARIANT)
    workflow.undo_decision(mod, decision)
    back = as_alice.post(at("undo-answers"), {"decision": [decision.pk]})
    assert "undone already" in text(as_alice.get(back["Location"]))


def test_what_cannot_be_put_back_exactly_is_not_undone_in_passing(
    as_alice: Client, held: Picture, alike: list[Picture], live: Picture
) -> None:
    Post.objects.filter(picture=alike[0]).update(source="https://a.example/1")
    answer(as_alice, held, "same")
    first = Decision.objects.get()
    as_alice.post(at("repeat-answer", first.pk), {"match": ticks(*alike), "words": "1"})
    Post.objects.filter(picture=live).update(source="https://b.example/2")
    made = list(Decision.objects.exclude(pk=first.pk).values_list("pk", flat=True))
    back = as_alice.post(at("undo-answers"), {"decision": made})
    assert states(*alike) == [State.WITHDRAWN, State.HELD]
    page = text(as_alice.get(back["Location"]))
    assert "again-50.jpg: The source was changed or removed since" in page
    assert "One answer was taken back" in page
