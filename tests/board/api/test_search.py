"""Search by a picture that is not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dedupe.imaging import Limits
from dedupe.models import Picture
from dedupe.search import SearchFailed
from tests.board.api.conftest import Actor, jpeg, problem_of, scene
from tests.pictures import encoded, flat


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_nearest_picture_is_found_and_nothing_kept(alice: Actor, live: Picture, tmp_path: Path) -> None:
    before = stored_files(tmp_path)
    half = scene().resize((160, 120), Image.Resampling.LANCZOS)
    body = alice.send("search", jpeg(half, 70)).json()
    (near,) = body["results"]
    assert near["picture"]["id"] == live.public_id
    assert near["picture"]["title"] == "Hills"
    assert near["relation"] == "resized"
    assert near["distance"] <= 16
    assert near["same_picture"] is True
    assert near["geometry"]["covered"] == pytest.approx([1.0, 1.0], abs=0.03)
    assert (body["too_little_detail"], body["not_searched"]) == (False, [])
    assert (body["cut"], body["limits"]) == ([], [])
    assert Picture.objects.count() == 1
    assert stored_files(tmp_path) == before


def test_the_same_bytes_are_found(alice: Actor, live: Picture) -> None:
    (near,) = alice.send("search", jpeg(scene(), 92)).json()["results"]
    assert (near["relation"], near["distance"], near["probability"]) == ("identical_bytes", 0, 1.0)


def test_a_crop_is_found_and_placed(alice: Actor, live: Picture) -> None:
    body = alice.send("search", jpeg(scene().crop((160, 0, 320, 240)), 80)).json()
    (near,) = body["results"]
    assert (near["picture"]["id"], near["relation"], near["same_picture"]) == (
        live.public_id,
        "cropped",
        False,
    )
    geometry = near["geometry"]
    assert geometry["covered"] == pytest.approx([0.5, 1.0], abs=0.03)
    assert geometry["matrix"] == pytest.approx([0.75, 0, 0.5, 0, 0.75, 0], abs=0.02)
    assert (geometry["mirrored"], geometry["beyond"]) == (False, ["busy", "nothing"])


def test_a_route_that_does_not_answer_is_named(alice: Actor, live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"embedders": [{"class": "no.such.Embedder", "options": {}}]}
    body = alice.send("search", jpeg(scene(), 60)).json()
    assert body["not_searched"] == ["embedding:no.such.Embedder"]
    assert body["limits"] == ["A part of the search did not answer: there may be more."]


def test_what_a_bound_cut_is_said_in_words(alice: Actor, live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"branch_limit": 1}
    body = alice.send("search", jpeg(scene(), 60)).json()
    assert "hash0" in body["cut"]
    (sentence,) = body["limits"]
    assert sentence.startswith("More pictures look a little like this")
    assert [near["picture"]["id"] for near in body["results"]] == [live.public_id]


def test_what_is_not_published_is_not_found(alice: Actor, held: Picture, live: Picture) -> None:
    found = alice.send("search", jpeg(scene(), 60)).json()["results"]
    assert [near["picture"]["id"] for near in found] == [live.public_id]


def test_a_picture_without_detail_is_said_to_be_so(alice: Actor, live: Picture) -> None:
    body = alice.send("search", encoded(flat())).json()
    assert body == {"results": [], "too_little_detail": True, "cut": [], "not_searched": [], "limits": []}


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", "empty"),
        (b"nonsense", "not_a_picture"),
        (b"<svg>", "unsupported_format"),
        (jpeg(scene())[:900], "broken"),
    ],
    ids=["empty", "nonsense", "svg", "cut off"],
)
def test_what_is_no_picture_is_refused(alice: Actor, data: bytes, refusal: str) -> None:
    assert problem_of(alice.send("search", data), 422)["refusal"] == refusal
    assert not Picture.objects.exists()


def test_too_large_files_are_refused(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.searching.Limits", lambda: Limits(max_bytes=100))
    assert problem_of(alice.send("search", jpeg(scene())), 422)["refusal"] == "too_many_bytes"


@pytest.mark.parametrize("limit", ["0", "51", "many"])
def test_limits_are_bounded(alice: Actor, limit: str) -> None:
    problem_of(alice.send("search", jpeg(scene()), limit=limit), 422)


def test_the_limit_holds(alice: Actor, live: Picture) -> None:
    assert len(alice.send("search", jpeg(scene(), 60), limit="1").json()["results"]) == 1


def test_a_failed_search_is_not_an_empty_one(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise SearchFailed("canceled")

    monkeypatch.setattr("board.searching.find_nearest", fail)
    problem_of(alice.send("search", jpeg(scene())), 503)
