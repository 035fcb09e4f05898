"""Taking a decision back from the page of an upload: by whom, until when, and where one lands."""

from __future__ import annotations

from typing import Any

from django.test import Client

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Decision, Picture, State
from tests.board.pages.conftest import Upload, at, browser_of, jpeg, text


def state_of(picture: Picture) -> str:
    return Picture.objects.get(pk=picture.pk).state


def test_undo_brings_the_question_back(as_alice: Client, redirecting: Picture, as_bob: Client) -> None:
    decision = Decision.objects.get()
    assert as_bob.post(at("undo", decision.pk)).status_code == 404
    response = as_alice.post(at("undo", decision.pk))
    assert (response.status_code, response["Location"]) == (302, at("upload-status", redirecting.public_id))
    assert state_of(redirecting) == State.HELD
    again = as_alice.post(at("undo", decision.pk))
    assert again.status_code == 409
    assert "undone already" in text(again)


def test_undo_leads_only_to_our_own_pages(as_alice: Client, redirecting: Picture) -> None:
    decision = Decision.objects.get()
    response = as_alice.post(at("undo", decision.pk), {"next": "https://evil.example/"})
    assert response["Location"] == at("upload-status", redirecting.public_id)


def test_undo_returns_to_where_it_was_asked_for(as_alice: Client, redirecting: Picture) -> None:
    response = as_alice.post(at("undo", Decision.objects.get().pk), {"next": at("history")})
    assert response["Location"] == at("history")


def test_an_undo_past_its_time_is_said(as_alice: Client, redirecting: Picture, settings: Any) -> None:
    settings.DEDUPE = {"retention_days": 0}
    page = text(as_alice.get(at("upload-status", redirecting.public_id)))
    assert at("undo", Decision.objects.get().pk) not in page
    response = as_alice.post(at("undo", Decision.objects.get().pk))
    assert response.status_code == 409
    assert "can be undone for" in text(response)


def test_staff_have_the_last_word(as_alice: Client, override: Case, mod: User) -> None:
    workflow.close_case(mod, override, uphold=True)
    cause = override.cause
    assert cause is not None
    assert at("undo", cause.pk) not in text(as_alice.get(at("history")))
    response = as_alice.post(at("undo", cause.pk))
    assert response.status_code == 409
    assert "Staff have looked" in text(response)


def test_a_machines_decision_can_be_undone_by_the_owner(
    as_alice: Client, upload: Upload, live: Picture, alice: User, bob: User
) -> None:
    upload(alice, jpeg(quality=92))
    decision = Decision.objects.get()
    assert "saw that both files are the same" in text(as_alice.get(at("history")))
    assert at("undo", decision.pk) in text(as_alice.get(at("history")))
    assert browser_of(bob).post(at("undo", decision.pk)).status_code == 404
    assert as_alice.post(at("undo", decision.pk)).status_code == 302
