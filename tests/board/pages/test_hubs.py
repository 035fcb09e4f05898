"""Taking a hub out of matching on its page, and by the API."""

from __future__ import annotations

from django.test import Client

from board.models import ApiToken, User
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, Verdict
from tests.board.pages.conftest import at, text


def test_a_moderator_is_told_what_speaks_for_it(
    as_mod: Client, as_bob: Client, held: Picture, live: Picture, match: Match, alice: User
) -> None:
    workflow.answer(alice, held, match, Verdict.DIFFERENT, "another season")
    page = text(as_mod.get(at("picture", live.public_id)))
    assert "It was matched 1 time; 1 time people said that the other one is different." in page
    assert at("matching", live.public_id) not in text(as_bob.get(at("picture", live.public_id)))


def test_it_is_blocked_and_let_match_again_with_a_reason(as_mod: Client, live: Picture) -> None:
    address = at("matching", live.public_id)
    page = text(as_mod.post(address, {"act": "block", "reason": "A form"}, follow=True))
    assert "Nobody is asked about this picture any more." in page
    assert '<a href="/people/mod">mod</a></b> took the picture out of matching' in page
    assert "Let it be matched again" in page
    again = as_mod.post(address, {"act": "block", "reason": "A form"})
    assert again.status_code == 409
    page = text(as_mod.post(address, {"act": "allow", "reason": "Few use it"}, follow=True))
    assert "It is compared with uploads again." in page


def test_without_a_reason_nothing_is_changed(as_mod: Client, live: Picture) -> None:
    page = text(as_mod.post(at("matching", live.public_id), {"act": "block", "reason": " "}, follow=True))
    assert "say in a few words why" in page
    assert not Decision.objects.exists()
    assert as_mod.post(at("matching", live.public_id), {"act": "x", "reason": "y"}).status_code == 404


def test_its_owner_reads_of_it_in_the_history(as_bob: Client, live: Picture, mod: User) -> None:
    workflow.block_from_matching(mod, live, "A form")
    page = text(as_bob.get(at("picture", live.public_id)))
    assert "<b>Staff</b> took the picture out of matching" in page
    assert "Nobody is asked about it any more." in page


def test_a_program_does_it(live: Picture, mod: User) -> None:
    program = Client(headers={"Authorization": f"Bearer {ApiToken.issue(mod, 'tests')[1]}"})
    address = f"/api/v1/pictures/{live.public_id}/matching"
    done = program.post(address, {"blocked": True, "reason": "A form"}, content_type="application/json")
    assert done.json()["upload"]["decisions"][0]["kind"] == "block"
    live.refresh_from_db()
    assert live.matching_blocked
    wordless = program.post(address, {"blocked": False, "reason": ""}, content_type="application/json")
    assert wordless.status_code == 422
