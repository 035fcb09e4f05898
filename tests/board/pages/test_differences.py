"""The map of what differs: who gets it, on which picture it lies, and what is said when it cannot be drawn."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from board.models import User
from dedupe import workflow
from dedupe.imaging import Refusal, Refused
from dedupe.jail.client import ChildKilled, JailUnavailable
from dedupe.models import Match, Picture, Rendition, State, Verdict
from dedupe.storage import StorageUnavailable
from tests.board.pages.conftest import Upload, at, browser_of, person
from tests.pictures import encoded, landscape


@pytest.fixture
def crop(upload: Upload, alice: User, live: Picture) -> Picture:
    """Alice's upload of the right half of Bob's picture: she is asked."""
    half = landscape(1, 320, 240).crop((160, 0, 320, 240))
    picture = upload(alice, encoded(half, "JPEG", quality=85))
    assert picture.state == State.HELD
    return picture


@pytest.fixture
def question(crop: Picture) -> Match:
    return Match.objects.get(query=crop)


def address(match: Match, on: Picture | None = None) -> str:
    return at("differences", match.pk) + (f"?on={on.public_id}" if on else "")


def drawn(response: Any) -> Image.Image:
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    return Image.open(BytesIO(response.content))


def test_the_map_lies_on_the_picture_that_was_here(as_alice: Client, question: Match, live: Picture) -> None:
    response = as_alice.get(address(question, on=live))
    image = drawn(response)
    assert (image.size, image.mode) == ((320, 240), "RGBA")
    assert response["Cache-Control"] == "private, max-age=86400"
    alpha = image.getchannel("A")
    assert (alpha.getpixel((40, 120)), alpha.getpixel((280, 120))) == (158, 0)


def test_it_can_lie_on_the_upload(as_alice: Client, question: Match, crop: Picture) -> None:
    """As when the pair was found the other way round."""
    image = drawn(as_alice.get(address(question, on=crop)))
    assert image.size == (160, 240)
    assert image.getchannel("A").getpixel((80, 120)) == 0


def test_the_map_of_a_pair_found_the_other_way_round(
    as_alice: Client, question: Match, crop: Picture, live: Picture
) -> None:
    forth = drawn(as_alice.get(address(question, on=live)))
    geometry = question.geometry_from(live)
    assert geometry is not None
    Match.objects.filter(pk=question.pk).update(
        query=live,
        candidate=crop,
        geometry=question.geometry | {"matrix": list(geometry.matrix), "views": list(geometry.views)},
    )
    back = drawn(as_alice.get(address(question, on=live)))
    assert back.size == forth.size
    assert back.getchannel("A").getpixel((40, 120)) == 158


def test_only_who_is_asked_and_staff_get_it(
    as_alice: Client, as_bob: Client, as_mod: Client, question: Match
) -> None:
    assert drawn(as_mod.get(address(question)))
    for stranger in (as_bob, Client(), browser_of(person("carol"))):
        assert stranger.get(address(question)).status_code == 404
    assert as_alice.get(at("differences", question.pk + 1)).status_code == 404


def test_after_the_answer_only_staff_get_it(
    as_alice: Client, as_mod: Client, question: Match, crop: Picture, alice: User
) -> None:
    workflow.answer(alice, crop, question, Verdict.VARIANT)
    assert as_alice.get(address(question)).status_code == 404
    assert drawn(as_mod.get(address(question)))


def test_the_page_asks_for_it_only_where_pictures_were_laid(
    as_alice: Client, question: Match, crop: Picture, live: Picture
) -> None:
    page = as_alice.get(at("upload-status", crop.public_id)).content.decode()
    assert f'data-address="{address(question, on=live)}"' in page
    assert f'src="{address(question, on=live)}"' not in page
    Match.objects.filter(pk=question.pk).update(geometry={})
    page = as_alice.get(at("upload-status", crop.public_id)).content.decode()
    assert 'data-view="differs"' not in page
    assert "data-matrix" not in page
    assert as_alice.get(address(question)).status_code == 404


def test_views_that_are_gone_give_no_map(as_alice: Client, question: Match, crop: Picture) -> None:
    Rendition.objects.filter(picture=crop, kind="view").delete()
    assert as_alice.get(address(question)).status_code == 404


@pytest.mark.parametrize(
    "failure",
    [JailUnavailable("down"), ChildKilled("killed"), StorageUnavailable("down")],
    ids=lambda failure: type(failure).__name__,
)
def test_a_part_that_does_not_answer_is_said(
    as_alice: Client, question: Match, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("board.pages.differences.map_differences", fail)
    response = as_alice.get(address(question))
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response["Retry-After"]
    assert "cannot be drawn right now" in response.content.decode()


def test_what_the_jail_refuses_gives_no_map(
    as_alice: Client, question: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refused(Refusal.BROKEN)

    monkeypatch.setattr("board.pages.differences.map_differences", refuse)
    assert as_alice.get(address(question)).status_code == 404
