"""Ask before sending, send, follow, take back."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedupe import workflow
from dedupe.imaging import Limits, Refusal
from dedupe.models import Match, Picture, State
from dedupe.storage import StorageUnavailable
from dedupe.workflow.analysis import GAVE_UP
from tests.board.api.conftest import Actor, Upload, jpeg, problem_of, scene


def test_known_bytes_are_recognised_before_they_travel(alice: Actor, live: Picture) -> None:
    known = alice.post("precheck", {"sha256": live.checksum.upper()}).json()
    assert known["known"] is True
    assert known["picture"]["id"] == live.public_id
    assert known["picture"]["title"] == "Hills"
    assert known["picture"]["thumbnail"].startswith("http://testserver/renditions/")


def test_only_published_pictures_are_known(alice: Actor, bob: Actor, held: Picture) -> None:
    for actor in (alice, bob):
        assert actor.post("precheck", {"sha256": held.checksum}).json() == {"known": False, "picture": None}


@pytest.mark.parametrize("checksum", ["", "xyz", "0" * 63, "0" * 65, "g" * 64, None, 7])
def test_a_checksum_is_64_hexadecimal_digits(alice: Actor, checksum: object) -> None:
    problem_of(alice.post("precheck", {"sha256": checksum}), 422)


def test_what_is_said_of_an_upload_is_kept(alice: Actor) -> None:
    response = alice.send(
        "uploads",
        jpeg(scene()),
        "sea.jpg",
        title="  The sea ",
        tags="Night sea, storm",
        source="https://example.org/sea",
        external_id="B4/7",
        attributes='{"shelf": "B4", "year": 1911}',
    )
    assert response.status_code == 202
    picture = Picture.objects.get(public_id=response.json()["id"])
    assert picture.owner == alice.user
    assert picture.file_name == "sea.jpg"
    assert picture.post.title == "The sea"
    assert {tag.name for tag in picture.post.tags.all()} == {"night_sea", "storm"}
    assert picture.post.source == "https://example.org/sea"
    assert picture.post.external_id == "B4/7"
    assert picture.post.attributes == {"shelf": "B4", "year": 1911}


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 201},
        {"title": "a\x00b"},
        {"tags": "x" * 2001},
        {"source": "javascript:alert(1)"},
        {"source": "not an address"},
        {"external_id": "x" * 201},
        {"attributes": "[1]"},
        {"attributes": "{"},
        {"attributes": '{"a": NaN}'},
        {"attributes": '{"a": 1e999}'},
        {"attributes": '{"a": "\\u0000"}'},
        {"attributes": '{"a": "\\ud800"}'},
        {"attributes": '{"a":' * 3000 + "1" + "}" * 3000},
        {"attributes": '{"a": "%s"}' % ("x" * 20_000)},
    ],
    ids=str,
)
def test_words_that_do_not_fit_are_refused_and_nothing_is_stored(
    alice: Actor, fields: dict[str, str]
) -> None:
    body = problem_of(alice.send("uploads", jpeg(scene()), **fields), 422)
    assert body["errors"][0]["field"].endswith(next(iter(fields)))
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "x" * 300 + ".jpg",
        "../../etc/passwd",
        "a\x00b.jpg",
        "\u202egpj.exe",
        '"><svg onload=alert(1)>.jpg',
        "🐈.jpg",
        "a\\b.jpg",
    ],
)
@pytest.mark.hostile("input 13")
def test_hostile_file_names_are_only_words(alice: Actor, name: str) -> None:
    file = io.BytesIO(jpeg(scene()))
    file.name = name
    response = alice.client.post("/api/v1/uploads", {"file": file})
    assert response.status_code == 202, response.content
    picture = Picture.objects.get(public_id=response.json()["id"])
    assert len(picture.file_name) <= 255
    assert not {"/", "\x00"} & set(picture.file_name)
    assert picture.storage_key.replace("/", "").isalnum()
    assert alice.get(f"uploads/{picture.public_id}").json()["file_name"] == picture.file_name


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", "empty"),
        (b"<html>", "unsupported_format"),
        (b"%PDF-1.7", "unsupported_format"),
        (b"GIF8nonsense", "not_a_picture"),
    ],
)
@pytest.mark.hostile("input 9")
def test_first_bytes_that_are_no_picture_are_refused_at_once(alice: Actor, data: bytes, refusal: str) -> None:
    body = problem_of(alice.send("uploads", data), 422)
    assert (body["state"], body["refusal"]) == ("rejected", refusal)
    assert body["detail"] == Refusal(refusal).message
    followed = alice.get(f"uploads/{body['id']}").json()
    assert (followed["state"], followed["refusal"]) == ("rejected", refusal)
    assert followed["reason"] == body["detail"]


def test_a_picture_that_is_too_large_gets_its_reason(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedupe.workflow.submission.Limits", lambda: Limits(max_bytes=1000))
    body = problem_of(alice.send("uploads", jpeg(scene())), 422)
    assert body["refusal"] == "too_many_bytes"


def test_a_form_without_a_file(alice: Actor) -> None:
    body = problem_of(alice.client.post("/api/v1/uploads", {"title": "x"}), 422)
    assert body["errors"] == [{"where": "file", "field": "file", "message": "Field required"}]


@pytest.mark.hostile("fault: S3 503")
def test_a_store_that_is_down_acknowledges_nothing(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any) -> None:
        raise StorageUnavailable("refused")

    monkeypatch.setattr("dedupe.storage.store_original", down)
    response = alice.send("uploads", jpeg(scene()))
    assert "picture store" in problem_of(response, 503)["detail"]
    assert response["Retry-After"]
    assert not Picture.objects.exists()


def test_identical_bytes_are_taken_and_lead_to_the_picture(alice: Actor, live: Picture) -> None:
    response = alice.send("uploads", jpeg(scene(), 92))
    assert response.status_code == 202
    workflow.analyse_picture(Picture.objects.latest("id").pk)
    followed = alice.get(f"uploads/{response.json()['id']}").json()
    assert (followed["state"], followed["duplicate_of"]) == ("withdrawn", live.public_id)
    assert followed["picture_url"] == f"http://testserver/pictures/{live.public_id}"
    assert "address of this upload leads to it" in followed["reason"]
    assert [decision["role"] for decision in followed["decisions"]] == ["machine"]


def test_an_upload_is_followed_by_its_uploader(alice: Actor, held: Picture, match: Match) -> None:
    body = alice.get(f"uploads/{held.public_id}").json()
    assert body["sha256"] == held.checksum
    assert (body["width"], body["height"], body["format"]) == (320, 240, "jpeg")
    assert body["picture_url"] is None
    assert body["matches"][0]["id"] == match.pk
    assert set(body["matches"][0]["evidence"]) >= {"dct", "phash", "luma", "edges", "places"}
    assert body["matches"][0]["confident"] is True
    assert body["matches"][0]["same_picture"] is True
    assert body["matches"][0]["geometry"]["matrix"] == pytest.approx([1, 0, 0, 0, 1, 0], abs=0.01)
    assert (body["cut"], body["not_searched"], body["limits"]) == ([], [], [])


def test_what_a_bound_cut_is_said_with_the_matches(alice: Actor, held: Picture) -> None:
    held.check_cut = ["hash0", "compared"]
    held.save()
    body = alice.get(f"uploads/{held.public_id}").json()
    assert body["cut"] == ["hash0", "compared"]
    assert body["limits"] == ["More pictures look like this than we compare: we compared the 12 nearest."]


def test_a_question_is_told_from_the_side_of_its_upload(
    alice: Actor, held: Picture, live: Picture, match: Match
) -> None:
    """The pair may have been found when the other one came."""
    Match.objects.filter(pk=match.pk).update(
        query=live,
        candidate=held,
        relation="cropped",
        geometry=match.geometry
        | {"matrix": [0.5, 0, 0.25, 0, 0.5, 0.1], "covered": [0.25, 1.0], "scale": 0.5},
    )
    told = alice.get(f"uploads/{held.public_id}").json()["matches"][0]
    assert told["geometry"]["matrix"] == pytest.approx([2, 0, -0.5, 0, 2, -0.2])
    assert (told["geometry"]["covered"], told["geometry"]["scale"]) == ([1.0, 0.25], 2.0)
    assert told["same_picture"] is False


def test_identical_bytes_have_no_geometry(alice: Actor, live: Picture, match: Match) -> None:
    Match.objects.filter(pk=match.pk).update(relation="identical_bytes", geometry={})
    assert alice.get(f"uploads/{match.query.public_id}").json()["matches"][0]["geometry"] is None


@pytest.mark.hostile("input 18")
def test_matches_with_what_is_not_published_do_not_show(
    alice: Actor, bob: Actor, held: Picture, live: Picture
) -> None:
    bob.delete(f"uploads/{live.public_id}")
    assert alice.get(f"uploads/{held.public_id}").json()["matches"] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": State.STAGED}, "waits for its turn"),
        ({"state": State.STAGED, "setbacks": 2}, "try again"),
        ({"state": State.REJECTED, "refusal": GAVE_UP}, "several attempts"),
        ({"state": State.REJECTED, "refusal": "broken"}, "damaged"),
        ({"check_outcome": "too_little_detail"}, "too little to compare"),
        ({"state": State.EXPIRED}, "in time"),
        ({"state": State.REMOVED}, "Staff"),
    ],
    ids=str,
)
def test_each_state_is_said_in_words(bob: Actor, live: Picture, changes: dict[str, Any], words: str) -> None:
    Picture.objects.filter(pk=live.pk).update(**changes)
    assert words in bob.get(f"uploads/{live.public_id}").json()["reason"]


def test_ones_own_uploads_are_listed_by_page_and_state(
    alice: Actor, live: Picture, held: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in (3, 4):
        alice.client.post("/api/v1/uploads", {"file": SimpleUploadedFile("a.jpg", jpeg(scene(seed)))})
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (2,))
    first = alice.get("uploads").json()
    assert [item["state"] for item in first["items"]] == ["staged", "staged"]
    second = alice.client.get(first["next"]).json()
    assert [item["id"] for item in second["items"]] == [held.public_id]
    assert second["next"] is None
    only = alice.get("uploads", state="held").json()
    assert [item["id"] for item in only["items"]] == [held.public_id]
    problem_of(alice.get("uploads", state="nonsense"), 422)
    problem_of(alice.get("uploads", before=live.public_id), 404)


def test_a_list_takes_the_same_queries_for_one_and_for_many(
    alice: Actor, held: Picture, upload: Upload, django_assert_max_num_queries: Any
) -> None:
    for seed in range(5, 9):
        upload(alice, jpeg(scene(seed)))
    with django_assert_max_num_queries(4):
        assert len(alice.get("uploads").json()["items"]) == 5


def test_an_upload_takes_few_queries(alice: Actor, held: Picture, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        alice.get(f"uploads/{held.public_id}")


def test_taking_back_and_undoing(alice: Actor, held: Picture) -> None:
    taken = alice.delete(f"uploads/{held.public_id}?reason=Wrong+one")
    assert taken.json()["upload"]["state"] == "withdrawn"
    assert taken.json()["upload"]["decisions"][0]["reason"] == "Wrong one"
    problem_of(alice.delete(f"uploads/{held.public_id}"), 409)
    undone = alice.delete(f"decisions/{taken.json()['decision']}").json()
    assert undone["upload"]["state"] == "held"


def test_the_checksum_is_that_of_the_bytes(alice: Actor) -> None:
    data = jpeg(scene())
    upload_id = alice.send("uploads", data).json()["id"]
    assert alice.get(f"uploads/{upload_id}").json()["sha256"] == hashlib.sha256(data).hexdigest()
