"""Giving pictures without scripts, and the list of one's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from board.models import User
from dedupe.models import Match, Picture
from tests.board.pages.conftest import Upload, at, jpeg, text


def file(name: str = "lake.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data)


def test_one_file_leads_to_its_page(as_alice: Client) -> None:
    given = {"file": file(), "title": "Lake", "tags": "lake, old boat", "source": "example.org/x"}
    response = as_alice.post(at("upload"), given)
    picture = Picture.objects.get()
    assert response["Location"] == at("upload-status", picture.public_id)
    assert picture.post.source == "https://example.org/x"
    assert sorted(tag.name for tag in picture.post.tags.all()) == ["lake", "old_boat"]


def test_several_files_lead_to_the_list(as_alice: Client) -> None:
    files = [file("a.jpg", jpeg(1)), file("b.jpg", jpeg(2)), file("c.txt", b"words"), file("d.jpg", b"")]
    response = as_alice.post(at("upload"), {"file": files}, follow=True)
    page = text(response)
    assert "4 files have arrived" in page
    assert page.count("Waiting") == 2
    assert page.count("Not taken") >= 2
    assert Picture.objects.count() == 4


@pytest.mark.parametrize(
    "given", [{}, {"source": "javascript:alert(1)"}, {"source": "ftp://example.org/x"}, {"title": "x" * 201}]
)
def test_what_is_wrong_is_said_and_nothing_is_stored(as_alice: Client, given: dict[str, Any]) -> None:
    files = {"file": file()} if given else {}
    response = as_alice.post(at("upload"), given | files)
    assert response.status_code == 400
    assert "errorlist" in text(response)
    assert not Picture.objects.exists()


@pytest.fixture
def fetched_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedupe.workflow.deliveries.ring", lambda *_: True)


def test_an_address_leads_to_the_page_of_its_upload(as_alice: Client, fetched_later: None) -> None:
    response = as_alice.post(at("upload"), {"address": "https://lakes.test/lake.jpg", "title": "Lake"})
    picture = Picture.objects.get()
    assert response["Location"] == at("upload-status", picture.public_id)
    assert (picture.post.title, picture.delivery.address) == ("Lake", "https://lakes.test/lake.jpg")
    assert "We are getting the file." in text(as_alice.get(response["Location"]))
    assert "Arriving" in text(as_alice.get(at("uploads")))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1/lake.jpg", "no site of this name on the public web"),
        ("lake.jpg", "not the address of a picture"),
        ("", "Please choose a picture first."),
    ],
)
def test_an_address_that_cannot_be_fetched_is_explained_and_stays_in_its_field(
    as_alice: Client, address: str, words: str
) -> None:
    response = as_alice.post(at("upload"), {"address": address, "title": "Lake"})
    assert response.status_code == 400
    assert words in text(response)
    assert 'value="Lake"' in text(response)
    assert f'value="{address}"' in text(response) or not address
    assert not Picture.objects.exists()


def test_an_address_and_files_together(as_alice: Client, fetched_later: None) -> None:
    as_alice.post(at("upload"), {"address": "https://lakes.test/lake.jpg", "file": [file()]})
    assert Picture.objects.count() == 2


def test_no_address_is_asked_for_where_none_is_fetched(as_alice: Client, settings: Any) -> None:
    assert "id_address" in text(as_alice.get(at("upload")))
    settings.DEDUPE = {"upload_by_url": False}
    assert "id_address" not in text(as_alice.get(at("upload")))
    response = as_alice.post(at("upload"), {"address": "https://lakes.test/lake.jpg"})
    assert response.status_code == 400


def test_browsers_send_to_storage_only_where_they_reach_it(as_alice: Client, settings: Any) -> None:
    assert "data-direct" not in text(as_alice.get(at("upload")))
    settings.STORAGES = settings.STORAGES | {"direct": settings.STORAGES["originals"]}
    assert "data-direct" in text(as_alice.get(at("upload")))


def test_questions_come_first_and_chips_count(
    as_alice: Client, held: Picture, match: Match, upload: Upload, alice: User
) -> None:
    other = upload(alice, jpeg(seed=9), name="other.jpg")
    page = text(as_alice.get(at("uploads")))
    assert page.index(held.public_id) < page.index(other.public_id)
    assert "Questions <small>1</small>" in page
    assert "Being checked" not in page
    only = text(as_alice.get(f"{at('uploads')}?state=published"))
    assert other.public_id in only
    assert held.public_id not in only
    assert as_alice.get(f"{at('uploads')}?state=nonsense&page=99").status_code == 200


def test_nobody_elses_uploads_are_listed(as_bob: Client, held: Picture) -> None:
    assert held.public_id not in text(as_bob.get(at("uploads")))


def test_an_empty_list_says_so(as_alice: Client) -> None:
    assert "Nothing here yet" in text(as_alice.get(at("uploads")))


def test_waiting_questions_are_counted_in_the_navigation(
    as_alice: Client, as_bob: Client, held: Picture
) -> None:
    assert "waiting for an answer" in text(as_alice.get("/"))
    assert "waiting for an answer" not in text(as_bob.get("/"))
