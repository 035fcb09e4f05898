"""The bytes that leave the site."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from board.models import User
from dedupe import storage
from dedupe.models import Picture, RenditionOrder
from dedupe.workflow.rendering import make_next
from tests.board.pages.conftest import Upload, at
from tests.pictures import encoded, landscape


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_live_rendition_is_inert_and_may_be_kept(client: Client, live: Picture) -> None:
    row = live.renditions.get(kind="small")
    response = client.get(at("rendition", row.key))
    assert response.status_code == 200
    assert response["Content-Type"] == row.mime
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert len(body(response)) == row.size_bytes == int(response["Content-Length"])


def test_a_hidden_rendition_is_for_insiders(
    client: Client, as_bob: Client, as_alice: Client, as_mod: Client, held: Picture
) -> None:
    address = at("rendition", held.renditions.get(kind="large").key)
    assert client.get(address).status_code == as_bob.get(address).status_code == 404
    for browser in (as_alice, as_mod):
        response = browser.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("key", ["nothing", "../originals/x", "ab/../../secret", "%2e%2e/x"])
def test_only_names_of_rows_are_served(client: Client, live: Picture, key: str) -> None:
    assert client.get(f"/renditions/{key}").status_code == 404
    assert client.get(f"/renditions/{live.storage_key}").status_code == 404


def test_a_view_for_comparing_is_served_to_nobody(
    client: Client, as_bob: Client, as_mod: Client, live: Picture
) -> None:
    address = at("rendition", live.renditions.get(kind="view").key)
    assert [browser.get(address).status_code for browser in (client, as_bob, as_mod)] == [404] * 3


def test_pages_offer_avif_once_it_is_made(client: Client, live: Picture) -> None:
    address = at("picture", live.public_id)
    assert "<picture>" not in client.get(address).content.decode()
    RenditionOrder.objects.exclude(picture=live).delete()
    assert make_next()
    page = client.get(address).content.decode()
    avif = at("rendition", live.renditions.get(kind="large_avif").key)
    jpeg = at("rendition", live.renditions.get(kind="large").key)
    assert f'<picture><source type="image/avif" srcset="{avif} 320w"' in page
    assert f'src="{jpeg}" srcset="{jpeg} 320w"' in page
    assert 'width="320" height="240"' in page
    assert 'fetchpriority="high"' in page
    response = client.get(avif)
    assert (response.status_code, response["Content-Type"]) == (200, "image/avif")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (
        f'srcset="{at("rendition", live.renditions.get(kind="small_avif").key)}"'
        in client.get("/").content.decode()
    )


def test_a_browser_may_choose_between_two_sizes(client: Client, upload: Upload, bob: User) -> None:
    wide = upload(bob, encoded(landscape(5, 1400, 1000), "JPEG"))
    assert make_next()
    page = client.get(at("picture", wide.public_id)).content.decode()
    for kinds in (("small", "large"), ("small_avif", "large_avif")):
        small, large = (at("rendition", wide.renditions.get(kind=kind).key) for kind in kinds)
        assert f'srcset="{small} 400w, {large} 1200w" sizes="(max-width' in page


def test_a_lost_file_is_not_found(client: Client, live: Picture) -> None:
    row = live.renditions.get(kind="small")
    storage.delete_rendition(row.key)
    assert client.get(at("rendition", row.key)).status_code == 404


def test_the_original_is_byte_identical(as_bob: Client, live: Picture) -> None:
    response = as_bob.get(at("original", live.public_id))
    assert hashlib.sha256(body(response)).hexdigest() == live.checksum
    assert response["Content-Disposition"] == f'attachment; filename="{live.public_id}.jpg"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"


def test_an_original_past_its_time_is_not_found(as_bob: Client, live: Picture) -> None:
    Picture.objects.filter(pk=live.pk).update(state="withdrawn", storage_key="")
    assert as_bob.get(at("original", live.public_id)).status_code == 404


def test_a_visitor_finds_no_original(client: Client, live: Picture, held: Picture) -> None:
    for picture in (live, held):
        assert client.get(at("original", picture.public_id)).status_code == 404
