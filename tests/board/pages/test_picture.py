"""The page of a picture, its addresses, and what people may do there."""

from __future__ import annotations

import pytest
from django.test import Client

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Match, Picture, State, Verdict
from tests.board.pages.conftest import HOSTILE, Upload, at, browser_of, jpeg, text


def test_a_live_picture_says_what_it_is(client: Client, live: Picture) -> None:
    page = text(client.get(at("picture", live.public_id)))
    for words in ("The lake", "Uploaded by <a", ">bob<", "320 × 240", "JPEG", "?tag=dusk", "Sign in"):
        assert words in page
    assert live.checksum not in page


def test_what_a_person_typed_is_escaped(as_alice: Client, held: Picture) -> None:
    for name in ("picture", "upload-status"):
        page = text(as_alice.get(at(name, held.public_id)))
        assert "<svg onload" not in page
        assert "&lt;svg onload" in page
    assert "<svg onload" not in text(as_alice.get(at("uploads")))
    assert HOSTILE not in text(as_alice.get(at("history")))


@pytest.mark.parametrize(
    ("source", "linked"),
    [("https://example.org/a", True), ("javascript:alert(1)", False), ("//evil.example", False)],
)
def test_only_web_sources_are_linked(client: Client, live: Picture, source: str, linked: bool) -> None:
    live.post.source = source
    live.post.save()
    page = text(client.get(at("picture", live.public_id)))
    assert (f'href="{source}" rel="nofollow noopener ugc"' in page) is linked
    assert linked or source not in page


def test_an_old_address_leads_to_the_canonical_picture(
    client: Client, redirecting: Picture, live: Picture
) -> None:
    response = client.get(at("picture", redirecting.public_id))
    assert (response.status_code, response["Location"]) == (301, at("picture", live.public_id))
    assert response["Cache-Control"] == "no-cache"


def test_its_owner_is_told_and_can_go_back(as_alice: Client, redirecting: Picture, live: Picture) -> None:
    page = text(as_alice.get(at("picture", redirecting.public_id), follow=True))
    assert "The address you followed" in page
    assert f"{at('picture', redirecting.public_id)}?stay=1" in page
    stayed = as_alice.get(f"{at('picture', redirecting.public_id)}?stay=1")
    assert stayed.status_code == 200
    assert "Undo this" in text(stayed)


def test_others_cannot_stay_or_learn_more(as_bob: Client, redirecting: Picture, live: Picture) -> None:
    assert as_bob.get(f"{at('picture', redirecting.public_id)}?stay=1").status_code == 301
    page = text(as_bob.get(f"{at('picture', live.public_id)}?from={redirecting.public_id}"))
    assert "The address you followed" not in page
    assert "Addresses that lead here" not in page, "nor that somebody tried to upload a copy"


def test_what_was_taken_back_is_gone(client: Client, as_bob: Client, as_mod: Client, live: Picture) -> None:
    assert as_bob.post(at("withdraw", live.public_id)).status_code == 302
    gone = client.get(at("picture", live.public_id))
    assert gone.status_code == 410
    assert "was withdrawn" in text(gone)
    assert "What happened to it" in text(as_mod.get(at("picture", live.public_id)))


def test_staff_remove(client: Client, as_mod: Client, live: Picture) -> None:
    as_mod.post(at("withdraw", live.public_id), {"reason": "not ours"})
    gone = client.get(at("picture", live.public_id))
    assert gone.status_code == 410
    assert "was removed" in text(gone)


def test_a_redirect_to_what_has_gone_is_gone(client: Client, redirecting: Picture, live: Picture) -> None:
    workflow.withdraw(live.owner, live)
    assert client.get(at("picture", redirecting.public_id)).status_code == 410


def test_taking_back_twice_is_said(as_bob: Client, live: Picture) -> None:
    as_bob.post(at("withdraw", live.public_id))
    again = as_bob.post(at("withdraw", live.public_id))
    assert again.status_code == 409
    assert "cannot be taken back" in text(again)


def test_held_pictures_are_nobody_elses_business(
    client: Client, as_bob: Client, as_alice: Client, held: Picture
) -> None:
    address = at("picture", held.public_id)
    assert client.get(address).status_code == as_bob.get(address).status_code == 404
    assert as_alice.get(address).status_code == 200
    assert client.get(at("picture", "nothing")).status_code == 404


def test_variants_are_linked_both_ways(
    client: Client, held: Picture, live: Picture, match: Match, alice: User
) -> None:
    workflow.answer(alice, held, match, Verdict.VARIANT)
    for one, other in ((held, live), (live, held)):
        assert at("picture", other.public_id) in text(client.get(at("picture", one.public_id)))


def test_damage_is_said(client: Client, live: Picture) -> None:
    Picture.objects.filter(pk=live.pk).update(damaged=True)
    assert "damaged at its end" in text(client.get(at("picture", live.public_id)))


def test_the_history_is_for_insiders(as_mod: Client, as_bob: Client, override: Case, held: Picture) -> None:
    assert "What was decided about it" in text(as_mod.get(at("picture", held.public_id)))
    assert "What was decided about it" not in text(as_bob.get(at("picture", held.public_id)))


def test_anybody_signed_in_may_report(as_alice: Client, live: Picture) -> None:
    address = at("report", live.public_id)
    assert as_alice.post(address, {"reason": "a repost"}).status_code == 302
    assert Case.objects.get().reason == "a repost"
    again = as_alice.post(address, {"reason": "again"})
    assert again.status_code == 409
    assert "You have reported this already" in text(again)


def test_a_report_names_the_other_by_its_address(
    as_alice: Client, live: Picture, upload: Upload, bob: User
) -> None:
    other = upload(bob, jpeg(seed=7))
    address = f"http://testserver{at('picture', other.public_id)}?x=1#y"
    as_alice.post(at("report", live.public_id), {"reason": "a copy", "other": address})
    assert Case.objects.get().match.other(live) == other


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "in a few words why"),
        ({"reason": "x", "other": "nowhere"}, "no published picture at the other address"),
    ],
)
def test_a_report_that_misses_something(
    as_alice: Client, live: Picture, given: dict[str, str], words: str
) -> None:
    response = as_alice.post(at("report", live.public_id), given)
    assert response.status_code == 400
    assert words in text(response)


def test_a_report_by_an_old_address_means_the_canonical_picture(
    as_alice: Client, redirecting: Picture, live: Picture
) -> None:
    response = as_alice.post(
        at("report", live.public_id), {"reason": "x", "other": at("picture", redirecting.public_id)}
    )
    assert "cannot be a copy of itself" in text(response)


def test_what_is_hidden_cannot_be_reported(held: Picture, bob: User, as_alice: Client) -> None:
    browser = browser_of(bob)
    assert browser.post(at("report", held.public_id), {"reason": "x"}).status_code == 404
    assert as_alice.post(at("report", held.public_id), {"reason": "x"}).status_code == 409
    assert held.state == State.HELD
