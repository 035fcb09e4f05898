"""The language of a page: chosen, kept, asked for by the browser; and dates and numbers written in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from board.models import User
from board.pages.choices import REASONS
from dedupe.models import Decision, DecisionKind, Picture, Verdict
from tests.board.pages.conftest import PASSWORD, Upload, at, jpeg, text

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "language", "heading"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Bilder"),
        ("en-US,en;q=0.9", "en-gb", "Pictures"),
        ("fr,it;q=0.8", "en-gb", "Pictures"),
        ("fr,de;q=0.3", "de", "Bilder"),
        ("", "en-gb", "Pictures"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(
    client: Client, asked: str, language: str, heading: str
) -> None:
    response = client.get(at("gallery"), HTTP_ACCEPT_LANGUAGE=asked)
    assert f'<html lang="{language}" dir="ltr">' in text(response)
    assert f"<h1>{heading}</h1>" in text(response)
    assert response["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.django_db
def test_a_choice_outweighs_the_browser_and_leads_back(client: Client) -> None:
    chosen = client.post(at("choose-language"), {"language": "de", "next": "/tags/?q=lake"})
    assert chosen["Location"] == "/tags/?q=lake"
    cookie = chosen.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert "<h1>Schlagwörter</h1>" in text(client.get(at("tags"), HTTP_ACCEPT_LANGUAGE="en"))


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_choice_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.post(at("choose-language"), {"language": "de", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_only_languages_of_the_site_can_be_chosen_and_only_by_its_own_forms(client: Client) -> None:
    assert "language" not in client.post(at("choose-language"), {"language": "tlh"}).cookies
    assert client.get(at("choose-language")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(at("choose-language"), {"language": "de"}).status_code == 403


def test_the_choice_of_somebody_signed_in_follows_them_to_another_browser(alice: User) -> None:
    here, there = Client(), Client()
    here.force_login(alice)
    here.post(at("choose-language"), {"language": "de"})
    signed_in = there.post(at("sign-in"), {"username": "alice", "password": PASSWORD})
    assert signed_in.cookies["language"].value == "de"
    assert "<h1>Meine Uploads</h1>" in text(there.get(at("uploads")))


def test_every_page_offers_the_languages_by_their_own_names(client: Client, alice: User) -> None:
    page = text(client.get("/tags/?q=lake"))
    assert '<button type="submit" class="link" name="language" value="de" lang="de">Deutsch</button>' in page
    assert '<input type="hidden" name="next" value="/tags/?q=lake">' in page
    client.force_login(alice)
    assert 'value="de"' in text(client.get(at("account")))


@pytest.fixture
def published(alice: User, upload: Upload) -> Picture:
    picture = upload(alice, jpeg())
    Picture.objects.filter(pk=picture.pk).update(
        published_at=datetime(2026, 5, 3, 14, 5, tzinfo=UTC), size_bytes=1_234_567
    )
    return picture


@pytest.mark.parametrize(
    ("language", "date", "size"), [("de", "3. Mai 2026", "1,2 MB"), ("en", "3 May 2026", "1.2 MB")]
)
def test_dates_and_numbers_are_written_as_in_the_language(
    client: Client, published: Picture, language: str, date: str, size: str
) -> None:
    page = text(client.get(at("picture", published.public_id), HTTP_ACCEPT_LANGUAGE=language))
    assert f'<time datetime="2026-05-03T14:05:00+00:00">{date}</time>' in page
    assert f"<dd>{size}</dd>" in page


def test_what_programs_read_of_a_page_is_the_same_in_every_language(
    client: Client, mod: User, published: Picture
) -> None:
    """A comma in a number would break a drawing or a script."""
    client.force_login(mod)
    numbers = re.compile(r' (?:x|y|width|height|value|max|data-[a-z-]+)="\d+,\d+"')
    for address in (at("stats"), at("picture", published.public_id), at("review"), at("upload")):
        assert numbers.findall(text(client.get(address, **GERMAN))) == []


def test_a_picture_is_the_same_in_every_language(client: Client, published: Picture) -> None:
    small = published.renditions.get(kind="small")
    response = client.get(at("rendition", small.key), **GERMAN)
    assert "Vary" not in response
    assert "Content-Language" not in response


@pytest.mark.django_db
def test_the_scripts_get_their_words_from_an_address_of_their_own(client: Client) -> None:
    address = at("words", "de")
    assert f'<script src="{address}" defer></script>' in text(client.get("/", **GERMAN))
    assert "words/" not in text(client.get("/"))
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "javascript" in response["Content-Type"]
    assert "Noch einmal versuchen" in text(response)
    assert client.get(at("words", "tlh")).status_code == 404


def test_a_ready_made_reason_is_read_in_the_language_of_whoever_reads_it(
    client: Client, alice: User, published: Picture
) -> None:
    ready = REASONS[Verdict.DIFFERENT][0]
    for reason in (ready, "Another lake"):
        Decision.objects.create(
            kind=DecisionKind.WITHDRAWAL, picture=published, actor=alice, role="uploader", reason=reason
        )
    client.force_login(alice)
    assert f"“{ready}”" in text(client.get(at("history")))
    page = text(client.get(at("history"), **GERMAN))
    assert "„Ein anderer Moment“" in page
    assert "Another lake" in page


def test_a_refusal_that_a_page_may_show_is_in_its_language(client: Client, alice: User) -> None:
    client.force_login(alice)
    asked = {"data": {"file": ""}, **GERMAN}
    page = client.post(at("search"), **asked)
    assert "Bitte wähle ein Bild" in text(page)
    refused = client.post(f"/api/v1/pictures/{'2' * 14}/comments", {}, content_type="application/json")
    assert refused.json()["title"] in {"Not Found", "Unprocessable Entity", "Unprocessable Content"}
