"""Published pictures: list, read, redirects, similar ones, reports."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dedupe import workflow
from dedupe.models import Case, Fingerprint, Match, Picture, State, Verdict
from tests.board.api.conftest import Actor, Upload, jpeg, problem_of, scene, told


def get(path: str, **query: Any) -> Any:
    """As anybody."""
    return Client().get(f"/api/v1/{path}", query)


def ids(response: Any) -> list[str]:
    return [item["id"] for item in response.json()["items"]]


@pytest.fixture
def three(upload: Upload, bob: Actor) -> list[Picture]:
    """Newest first."""
    return [
        upload(bob, jpeg(scene(seed)), title=f"No. {seed}", tags=["odd"] * (seed % 2)) for seed in (5, 4, 3)
    ][::-1]


def test_a_published_picture_is_read_by_everybody(live: Picture) -> None:
    body = get(f"pictures/{live.public_id}").json()
    assert body["id"] == live.public_id
    assert body["url"] == f"http://testserver/pictures/{live.public_id}"
    assert body["image"].startswith("http://testserver/renditions/")
    assert (body["title"], body["external_id"], body["uploader"]) == ("Hills", "H-1", "bob")
    assert body["tags"] == ["hills", "night_sea"]
    assert (body["width"], body["height"], body["format"]) == (320, 240, "jpeg")
    assert body["sha256"] == live.checksum
    assert (body["variants"], body["redirects"]) == ([], [])
    assert get("pictures").json()["items"][0]["thumbnail"].startswith("http://testserver/renditions/")
    assert Client().get(body["image"])["Content-Type"] == "image/jpeg"


def test_the_list_is_paged_newest_first(three: list[Picture], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (2,))
    first = get("pictures")
    assert ids(first) == [picture.public_id for picture in three[:2]]
    second = Client().get(first.json()["next"])
    assert ids(second) == [three[2].public_id]
    assert second.json()["next"] is None


def test_pictures_of_one_moment_are_neither_skipped_nor_repeated(
    three: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    Picture.objects.update(published_at=three[0].published_at)
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (1,))
    seen, response = [], get("pictures")
    while True:
        seen += ids(response)
        if response.json()["next"] is None:
            break
        response = Client().get(response.json()["next"])
    assert seen == [picture.public_id for picture in sorted(three, key=lambda each: -each.pk)]


def test_a_page_goes_on_from_a_picture_that_was_taken_back(bob: Actor, three: list[Picture]) -> None:
    bob.delete(f"uploads/{three[1].public_id}")
    assert ids(get("pictures", before=three[1].public_id)) == [three[2].public_id]
    problem_of(get("pictures", before="nothing"), 404)


def test_the_list_is_narrowed(live: Picture, three: list[Picture]) -> None:
    odd = [three[0].public_id, three[2].public_id]
    assert ids(get("pictures", tag="odd")) == odd
    assert ids(get("pictures", tag="Night sea")) == [live.public_id]
    assert ids(get("pictures", tag="none")) == []
    assert ids(get("pictures", tag="---")) == []
    assert ids(get("pictures", external_id="H-1")) == [live.public_id]
    assert ids(get("pictures", external_id="H-1", tag="odd")) == []
    problem_of(get("pictures", tag="\x00"), 422)
    problem_of(get("pictures", external_id="x" * 201), 422)


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    three: list[Picture], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        get("pictures")


def test_one_picture_takes_few_queries(live: Picture, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        get(f"pictures/{live.public_id}")


@pytest.mark.parametrize("state", [State.HELD, State.STAGED, State.EXPIRED])
def test_what_was_never_published_is_not_there(bob: Actor, live: Picture, state: State) -> None:
    Picture.objects.filter(pk=live.pk).update(state=state)
    for response in (get(f"pictures/{live.public_id}"), bob.get(f"pictures/{live.public_id}")):
        assert told(response) == told(get(f"pictures/{'2' * 14}"))
        problem_of(response, 404)


@pytest.mark.hostile("I3")
def test_what_was_taken_back_is_gone(bob: Actor, live: Picture) -> None:
    bob.delete(f"uploads/{live.public_id}")
    problem_of(get(f"pictures/{live.public_id}"), 410)


def test_an_upload_that_was_taken_back_unpublished_is_gone_only_for_its_people(
    alice: Actor, bob: Actor, mod: Actor, held: Picture
) -> None:
    alice.delete(f"uploads/{held.public_id}")
    problem_of(get(f"pictures/{held.public_id}"), 404)
    problem_of(bob.get(f"pictures/{held.public_id}"), 404)
    problem_of(alice.get(f"pictures/{held.public_id}"), 410)
    problem_of(mod.get(f"pictures/{held.public_id}"), 410)


@pytest.mark.hostile("I3")
def test_a_redirect_ends_with_its_picture(
    alice: Actor, bob: Actor, held: Picture, live: Picture, match: Match
) -> None:
    workflow.answer(alice.user, held, match, Verdict.SAME)
    assert get(f"pictures/{held.public_id}").status_code == 301
    bob.delete(f"uploads/{live.public_id}")
    problem_of(get(f"pictures/{held.public_id}"), 410)


def test_the_nearest_ones_with_their_distances(
    alice: Actor, held: Picture, live: Picture, match: Match
) -> None:
    workflow.answer(alice.user, held, match, Verdict.DIFFERENT)
    body = get(f"pictures/{live.public_id}/similar").json()
    (near,) = body["results"]
    assert near["picture"]["id"] == held.public_id
    assert near["distance"] == match.distance
    assert 0 <= near["phash_distance"] <= 10
    assert near["relation"] == "re_encoded"
    assert near["probability"] > 0.9
    assert (body["too_little_detail"], body["cut"]) == (False, [])


def test_only_published_pictures_are_near(held: Picture, live: Picture) -> None:
    assert get(f"pictures/{live.public_id}/similar").json()["results"] == []


@pytest.mark.parametrize("limit", ["0", "51", "x", "-1"])
def test_limits_are_bounded(live: Picture, limit: str) -> None:
    problem_of(get(f"pictures/{live.public_id}/similar", limit=limit), 422)


def test_a_picture_without_a_fingerprint_is_not_called_unlike_all(live: Picture) -> None:
    Fingerprint.objects.all().delete()
    problem_of(get(f"pictures/{live.public_id}/similar"), 503)


def test_a_report_reaches_the_queue(alice: Actor, live: Picture) -> None:
    response = alice.post(f"pictures/{live.public_id}/report", {"reason": "Not yours"})
    assert response.status_code == 201
    case = Case.objects.get(pk=response.json()["case"])
    assert (case.picture, case.reason, case.opened_by) == (live, "Not yours", alice.user)
    problem_of(alice.post(f"pictures/{live.public_id}/report", {"reason": "Again"}), 409)


def test_a_report_may_name_the_picture_that_is_repeated(
    alice: Actor, live: Picture, three: list[Picture]
) -> None:
    body = {"reason": "The same", "duplicate_of": three[0].public_id}
    response = alice.post(f"pictures/{live.public_id}/report", body)
    match = Case.objects.get(pk=response.json()["case"]).match
    assert match is not None
    assert match.other(live) == three[0]
    problem_of(alice.post(f"pictures/{live.public_id}/report", {**body, "duplicate_of": "nothing"}), 404)
    problem_of(alice.post(f"pictures/{live.public_id}/report", {**body, "duplicate_of": live.public_id}), 409)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 501}], ids=str)
def test_a_report_says_why(alice: Actor, live: Picture, body: dict[str, str]) -> None:
    problem_of(alice.post(f"pictures/{live.public_id}/report", body), 422)


def test_a_picture_that_the_site_says_nothing_of(live: Picture) -> None:
    live.post.delete()
    body = get(f"pictures/{live.public_id}").json()
    assert (body["title"], body["tags"], body["attributes"]) == ("", [], {})
