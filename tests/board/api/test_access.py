"""What keeps others out of the API, beside the table of permissions: CSRF tokens, and equal answers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dedupe.models import Match, Picture
from tests.board.api.conftest import Actor, problem_of, told
from tests.board.permission_rows import rows

NUMBERED = {"case", "answer", "removal", "match", "token", "comment", "notice", "gallery"}
"""Objects of the table whose addresses have numbers."""
UNSAFE = sorted(
    {
        (method, row.address)
        for row in rows()
        for method in row.letters
        if method in {"POST", "PATCH", "DELETE"}
    }
)


SIGNED_BY_ITSELF = "/api/v1/uploads/incoming"
"""Its form carries a signature that nobody else can have made: it asks for no session, so it needs no token of one."""


@pytest.mark.parametrize(
    ("method", "address"),
    [each for each in UNSAFE if each[1].startswith("/api/") and each[1] != SIGNED_BY_ITSELF],
    ids=" ".join,
)
@pytest.mark.hostile("input 17")
def test_unsafe_methods_need_the_csrf_token_in_a_session(mod: Actor, method: str, address: str) -> None:
    browser = mod.session(enforce_csrf_checks=True)
    path = re.sub(r"{(\w+)}", lambda name: "1" if name[1] in NUMBERED else "2" * 14, address)
    response = browser.generic(method, path, "{}", content_type="application/json")
    assert "CSRF" in problem_of(response, 403)["detail"]


def test_the_csrf_token_opens_the_session(alice: Actor, live: Picture) -> None:
    browser = alice.session(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    body = {"sha256": live.checksum}
    response = browser.post(
        "/api/v1/precheck", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert response.status_code == 200


def test_a_token_needs_no_csrf_token(alice: Actor, live: Picture) -> None:
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {alice.key}"})
    response = program.post("/api/v1/precheck", {"sha256": live.checksum}, content_type="application/json")
    assert response.json()["known"] is True


@pytest.mark.hostile("input 18")
def test_a_stranger_learns_nothing_from_a_match(bob: Actor, held: Picture, match: Match) -> None:
    """Not even whether the upload is there: the answer is that for an invented name."""
    real = bob.post(f"uploads/{held.public_id}/decision", {"verdict": "same", "match": match.pk})
    invented = bob.post(f"uploads/{'2' * 14}/decision", {"verdict": "same", "match": match.pk})
    assert told(real) == told(invented)
    assert told(bob.get(f"uploads/{held.public_id}")) == told(bob.get(f"uploads/{'2' * 14}"))
