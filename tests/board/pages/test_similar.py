"""Pictures similar to a published one: as a page, and as the part that is loaded late."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from dedupe import workflow
from dedupe.models import Fingerprint, Match, Picture, Verdict
from dedupe.search import SearchFailed
from tests.board.pages.conftest import Upload, at, jpeg, text

HTMX = {"HX-Request": "true"}


def test_the_page_of_a_picture_leads_there(client: Client, live: Picture) -> None:
    page = text(client.get(at("picture", live.public_id)))
    address = at("similar", live.public_id)
    assert f'<a href="{address}">Look for similar pictures</a>' in page
    assert f'hx-get="{address}"' in page


def test_what_is_alike_is_shown_in_words(
    client: Client, live: Picture, held: Picture, match: Match, alice: User
) -> None:
    workflow.answer(alice, held, match, Verdict.DIFFERENT, "another season")
    page = text(client.get(at("similar", live.public_id)))
    assert "One picture looks like this one." in page
    assert at("picture", held.public_id) in page
    assert "The same, saved again, we are fairly sure" in page
    assert 'width="320" height="240"' in page
    assert ">Variant<" not in page


def test_variants_are_marked(client: Client, live: Picture, held: Picture, match: Match, alice: User) -> None:
    workflow.answer(alice, held, match, Verdict.VARIANT)
    assert ">Variant<" in text(client.get(at("similar", live.public_id)))


def test_htmx_gets_the_part_alone(client: Client, live: Picture) -> None:
    response = client.get(at("similar", live.public_id), headers=HTMX)
    assert "<html" not in text(response)
    assert "Nothing here looks like this one." in text(response)
    assert "HX-Request" in response["Vary"]


def test_what_is_not_published_is_neither_asked_about_nor_found(
    client: Client, as_alice: Client, live: Picture, held: Picture
) -> None:
    assert client.get(at("similar", held.public_id)).status_code == 404
    assert as_alice.get(at("similar", held.public_id)).status_code == 404
    assert client.get(at("similar", "nothing")).status_code == 404
    assert held.public_id not in text(client.get(at("similar", live.public_id)))


def test_a_failed_search_is_not_an_empty_one(
    client: Client, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise SearchFailed("canceled")

    monkeypatch.setattr("board.searching.find_nearest", fail)
    for headers, status in ((None, 503), (HTMX, 200)):
        response = client.get(at("similar", live.public_id), headers=headers)
        assert response.status_code == status
        assert "could not be finished" in text(response)
        assert "Nothing here" not in text(response)
        assert response["Retry-After"] == "10"


def test_a_picture_without_a_fingerprint_is_said_to_be_so(client: Client, live: Picture) -> None:
    Fingerprint.objects.all().delete()
    assert "has not been measured yet" in text(client.get(at("similar", live.public_id)))


def test_what_a_bound_cut_is_said(client: Client, live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"embedders": [{"class": "no.such.Embedder", "options": {}}]}
    assert "A part of the search did not answer" in text(client.get(at("similar", live.public_id)))


def test_the_number_of_queries_does_not_grow(
    client: Client, live: Picture, upload: Upload, bob: User, django_assert_max_num_queries: Any
) -> None:
    """As many for one look-alike as for four."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for quality in (40, 50, 70):
        copy = upload(bob, jpeg(quality=quality))
        workflow.answer(bob, copy, Match.objects.filter(query=copy)[0], Verdict.DIFFERENT, "x")
        for other in Match.objects.filter(query=copy, verdict=""):
            workflow.answer(bob, copy, other, Verdict.DIFFERENT, "x")
        with CaptureQueriesContext(connection) as captured:
            client.get(at("similar", live.public_id))
        counts.append(len(captured))
    assert counts[0] == counts[-1]
