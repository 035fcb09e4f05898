"""Tokens and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from board.models import ApiToken
from dedupe.models import Picture
from tests.board.api.conftest import Actor, problem_of


def test_a_token_acts_as_its_owner(alice: Actor, held: Picture) -> None:
    assert alice.get(f"uploads/{held.public_id}").status_code == 200


@pytest.mark.parametrize("header", ["Bearer doppel_wrong", "Bearer", "Basic YTpi", "Bearer \xe9", "nonsense"])
def test_a_wrong_credential_is_never_passed_over(alice: Actor, live: Picture, header: str) -> None:
    """Neither by a session that is there as well, nor where anybody may read."""
    browser = alice.session()
    for path in ("uploads", "pictures", f"pictures/{live.public_id}"):
        response = browser.get(f"/api/v1/{path}", headers={"Authorization": header})
        problem_of(response, 401)
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing(alice: Actor) -> None:
    alice.token.delete()
    problem_of(alice.get("uploads"), 401)


def test_the_token_of_a_locked_account_opens_nothing(alice: Actor) -> None:
    alice.user.is_active = False
    alice.user.save()
    problem_of(alice.get("uploads"), 401)


def test_anonymous_people_are_asked_to_sign_in(db: None) -> None:
    problem_of(Client().get("/api/v1/uploads"), 401)


def test_use_is_noted_at_most_once_a_minute(alice: Actor) -> None:
    alice.get("uploads")
    first = ApiToken.objects.get(pk=alice.token.pk).last_used_at
    assert first is not None
    alice.get("uploads")
    assert ApiToken.objects.get(pk=alice.token.pk).last_used_at == first
    earlier = timezone.now() - timedelta(minutes=2)
    ApiToken.objects.filter(pk=alice.token.pk).update(last_used_at=earlier)
    alice.get("uploads")
    later = ApiToken.objects.get(pk=alice.token.pk).last_used_at
    assert later is not None
    assert later > first


def test_a_token_of_staff_reviews(mod: Actor, bob: Actor) -> None:
    assert mod.get("review").status_code == 200
    problem_of(bob.get("review"), 403)
