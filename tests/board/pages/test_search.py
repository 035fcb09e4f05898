"""Search by a file and by an address, without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from board.models import User
from dedupe.imaging import Limits
from dedupe.jail.client import JailUnavailable
from dedupe.models import Fingerprint, Picture
from dedupe.search import SearchFailed
from tests.board.pages.conftest import at, jpeg, text
from tests.pictures import encoded, flat

HTMX = {"HX-Request": "true"}


def send(browser: Client, data: bytes, **options: Any) -> Any:
    return browser.post(at("search"), {"file": SimpleUploadedFile("lake.jpg", data)}, **options)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_visitor_is_asked_to_sign_in_before_choosing_a_file(client: Client, live: Picture) -> None:
    assert client.get(at("search"))["Location"] == f"{at('sign-in')}?next=/search"
    assert send(client, jpeg())["Location"].startswith(at("sign-in"))
    asked = client.get(f"{at('search')}?address={live.public_id}")
    assert live.public_id in asked["Location"], "what was asked is not lost"


def test_the_form_works_without_scripts(as_alice: Client) -> None:
    page = text(as_alice.get(at("search")))
    assert 'method="post"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "up to 50 MB" in page
    assert "noscript" not in page


def test_a_file_is_looked_for_and_forgotten(as_alice: Client, live: Picture, tmp_path: Path) -> None:
    before = stored(tmp_path)
    page = text(send(as_alice, jpeg(quality=50)))
    assert "One picture looks like yours." in page
    assert at("picture", live.public_id) in page
    assert "The same, saved again, we are fairly sure" in page
    assert 'width="320" height="240"' in page
    assert Picture.objects.count() == 1
    assert stored(tmp_path) == before


def test_the_very_file_needs_no_doubt(as_alice: Client, live: Picture) -> None:
    page = text(send(as_alice, jpeg(quality=92)))
    assert "The very same file" in page
    assert "fairly sure" not in page


def test_nothing_alike_is_said(as_alice: Client, live: Picture) -> None:
    assert "Nothing here" in text(send(as_alice, jpeg(seed=9)))


def test_too_little_to_compare_is_said(as_alice: Client, live: Picture) -> None:
    page = text(send(as_alice, encoded(flat())))
    assert "too little in this picture to compare" in page
    assert "Nothing here" not in page


def test_scripts_and_htmx_get_the_answer_alone(as_alice: Client, live: Picture) -> None:
    response = send(as_alice, jpeg(quality=50), headers=HTMX)
    assert "<html" not in text(response)
    assert "data-sentence" in text(response)


def test_what_is_not_published_is_not_found(as_bob: Client, held: Picture, live: Picture) -> None:
    assert held.public_id not in text(send(as_bob, jpeg(quality=60)))


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"words", 422, "not a JPEG, PNG, GIF, WebP or AVIF"),
        (b"", 422, "empty"),
        (None, 400, "choose a picture"),
    ],
    ids=["words", "empty", "none"],
)
def test_what_is_no_picture_is_said(as_alice: Client, data: bytes | None, status: int, words: str) -> None:
    response = as_alice.post(at("search")) if data is None else send(as_alice, data)
    assert response.status_code == status
    assert words in text(response)
    assert "Choose a picture" in text(response), "and the form is there again"


def test_the_size_limit_is_that_of_the_api(as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.searching.Limits", lambda: Limits(max_bytes=100))
    response = send(as_alice, jpeg())
    assert response.status_code == 422
    assert "notice bad" in text(response)


def test_a_flood_is_not_even_read(as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.floods.Limits", lambda: Limits(max_bytes=100))
    monkeypatch.setattr("django.http.request.HttpRequest._load_post_and_files", pytest.fail)
    response = send(as_alice, jpeg())
    assert response.status_code == 413
    assert "too large" in text(response)


def test_sending_needs_a_token_against_forgery(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert send(browser, jpeg()).status_code == 403


@pytest.mark.parametrize(
    ("error", "words"),
    [(SearchFailed("canceled"), "could not be finished"), (JailUnavailable("gone"), "could not be opened")],
)
def test_a_failed_search_is_not_an_empty_one(
    as_alice: Client, live: Picture, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr("board.searching.find_nearest", fail)
    response = send(as_alice, jpeg())
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert words in text(response)
    assert "Nothing here looks" not in text(response)


def test_what_a_bound_cut_is_said(as_alice: Client, live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"branch_limit": 1}
    assert "More pictures look a little like this" in text(send(as_alice, jpeg(quality=60)))


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        " {} ",
        "/pictures/{}",
        "/pictures/{}/similar",
        "https://board.example/pictures/{}?from=x#y",
        "/uploads/{}",
    ],
)
def test_an_address_of_ours_is_asked_about(as_alice: Client, live: Picture, form: str) -> None:
    response = as_alice.get(at("search"), {"address": form.format(live.public_id)})
    assert response.status_code == 200
    page = text(response)
    assert "Nothing here looks like this one." in page
    assert at("picture", live.public_id) in page


def test_an_old_address_means_the_canonical_picture(
    as_alice: Client, redirecting: Picture, live: Picture
) -> None:
    response = as_alice.get(at("search"), {"address": at("picture", redirecting.public_id)})
    assert at("picture", live.public_id) in text(response)


@pytest.mark.parametrize(
    "address", ["nowhere", "https://example.org/", "\x00", "22222222222222", "[::1", "/" * 600]
)
def test_an_address_of_nothing_is_said_and_kept(as_alice: Client, live: Picture, address: str) -> None:
    response = as_alice.get(at("search"), {"address": address})
    assert response.status_code == 404
    assert "no published picture at this address" in text(response)


def test_what_is_held_is_not_to_be_found_by_address(as_bob: Client, as_alice: Client, held: Picture) -> None:
    for browser in (as_bob, as_alice):
        assert browser.get(at("search"), {"address": held.public_id}).status_code == 404


def test_a_failed_search_by_address(as_alice: Client, live: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    Fingerprint.objects.all().delete()
    response = as_alice.get(at("search"), {"address": live.public_id})
    assert response.status_code == 503
    assert "not been measured yet" in text(response)
