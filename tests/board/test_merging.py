"""What hangs on a picture goes with it when it is merged or replaced, and comes back exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from board import merging
from board.models import Comment, Favourite, Gallery, GalleryPlace, Tag, User
from board.restoring import what_stays
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, Match, Picture, State, Verdict
from tests.dedupe.conftest import live
from tests.uploads import Upload, jpeg, own_media, scene, upload

__all__ = ["live", "own_media", "upload"]


pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(upload: Upload, alice: User, live: Picture) -> Picture:
    """Alice's copy of Bob's picture, published because she called it different."""
    picture = upload(
        alice, jpeg(scene(), 60), title="Hills", tags=["hills", "dusk"], source="https://example.org/hills"
    )
    workflow.answer(alice, picture, Match.objects.get(query=picture), Verdict.DIFFERENT)
    Case.objects.all().update(state="upheld")
    picture.refresh_from_db()
    assert picture.state == State.LIVE
    return picture


@pytest.fixture
def gallery(bob: User) -> Gallery:
    return Gallery.objects.create(owner=bob, title="Landscapes")


def merge(mod: User, copy: Picture, kept: Picture) -> Decision:
    """Staff find that a published picture repeats another one."""
    case = workflow.report_picture(mod, copy, "the same", kept)
    return workflow.close_case(mod, case, uphold=True)


def replace(actor: User, mod: User, better: Picture) -> Decision:
    """The uploader proposes a better copy, and staff accept it."""
    workflow.answer(actor, better, Match.objects.get(query=better), Verdict.BETTER)
    return workflow.close_case(mod, Case.objects.get(picture=better, state="open"), uphold=True)


def words_of(picture: Picture) -> tuple[str, str, list[str], set[str]]:
    post = Picture.objects.get(pk=picture.pk).post
    return post.title, post.source, post.further_sources, set(post.tags.values_list("name", flat=True))


def test_a_merge_moves_all_that_people_said_and_did(
    twin: Picture, live: Picture, alice: User, bob: User, mod: User, gallery: Gallery
) -> None:
    live.post.source = "https://example.org/first"
    live.post.save()
    Comment.objects.create(picture=twin, author=alice, text="lovely")
    Favourite.objects.create(picture=twin, person=alice)
    GalleryPlace.objects.create(gallery=gallery, picture=twin, position=1)
    decision = merge(mod, twin, live)
    assert words_of(live) == (
        "Hills",
        "https://example.org/first",
        ["https://example.org/hills"],
        {"hills", "dusk"},
    )
    assert (live.comments.count(), live.favourites.count(), live.gallery_places.count()) == (1, 1, 1)
    workflow.undo_decision(mod, decision)
    assert words_of(live) == ("", "https://example.org/first", [], set())
    assert (twin.comments.count(), twin.favourites.count(), twin.gallery_places.count()) == (1, 1, 1)
    assert find_violations(read_bytes=True) == []


def test_a_merge_keeps_the_earlier_date(twin: Picture, live: Picture, mod: User) -> None:
    known, earlier = live.published_at, timezone.now() - timedelta(days=9)
    Picture.objects.filter(pk=twin.pk).update(published_at=earlier)
    decision = merge(mod, twin, live)
    assert Picture.objects.get(pk=live.pk).published_at == earlier
    workflow.undo_decision(mod, decision)
    assert Picture.objects.get(pk=live.pk).published_at == known


def test_who_likes_both_likes_the_one_that_stays_once(
    twin: Picture, live: Picture, alice: User, mod: User
) -> None:
    for picture in (twin, live):
        Favourite.objects.create(picture=picture, person=alice)
    decision = merge(mod, twin, live)
    assert live.favourites.count() == 1
    workflow.undo_decision(mod, decision)
    assert (live.favourites.count(), twin.favourites.count()) == (1, 1)


def test_the_preview_says_what_a_merge_would_move(
    twin: Picture, live: Picture, alice: User, gallery: Gallery
) -> None:
    Comment.objects.create(picture=twin, author=alice, text="lovely")
    GalleryPlace.objects.create(gallery=gallery, picture=twin, position=1)
    GalleryPlace.objects.create(gallery=gallery, picture=live, position=2)
    shown = merging.preview(twin, live)
    assert shown.rows == {"comment": 1, "favourite": 0, "gallery_place": 0}
    assert (shown.tags, shown.title) == (("dusk", "hills"), "Hills")
    assert shown.sources == ("https://example.org/hills",)
    assert shown
    assert not merging.preview(live, live)


def test_what_was_said_or_taken_away_since_is_told_before_an_undo(
    twin: Picture, live: Picture, alice: User, mod: User, client: Client
) -> None:
    comments = [Comment.objects.create(picture=twin, author=alice, text=text) for text in ("one", "two")]
    decision = merge(mod, twin, live)
    assert what_stays(decision) == []
    comments[0].delete()
    live.post.title = "Hills at dusk"
    live.post.save()
    assert what_stays(decision) == [
        "The title was changed or removed since, and stays as it is.",
        "A comment was changed or removed since, and stays as it is.",
    ]
    client.force_login(mod)
    asked = client.post(f"/decisions/{decision.pk}/undo")
    assert "The title was changed" in asked.content.decode()
    assert Picture.objects.get(pk=twin.pk).state == State.WITHDRAWN
    client.post(f"/decisions/{decision.pk}/undo", {"sure": "yes"})
    assert Picture.objects.get(pk=twin.pk).state == State.LIVE
    assert (words_of(live)[0], twin.comments.get().text) == ("Hills at dusk", "two")


def test_a_tag_that_somebody_added_since_stays(twin: Picture, live: Picture, mod: User) -> None:
    decision = merge(mod, twin, live)
    live.post.tags.add(Tag.objects.create(name="later"))
    assert what_stays(decision) == []
    workflow.undo_decision(mod, decision)
    assert words_of(live)[3] == {"later"}


def test_a_better_copy_takes_the_address_the_date_and_all_that_hangs_there(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture
) -> None:
    Comment.objects.create(picture=live, author=bob, text="mine")
    better = upload(alice, jpeg(scene(), 97), title="Sharper", tags=["sharp"])
    address, spare = live.public_id, better.public_id
    decision = replace(alice, mod, better)
    shown, hidden = Picture.objects.get(pk=better.pk), Picture.objects.get(pk=live.pk)
    assert (shown.public_id, shown.state, shown.published_at) == (address, State.LIVE, live.published_at)
    assert (hidden.public_id, hidden.state, hidden.duplicate_of) == (spare, State.WITHDRAWN, shown)
    assert [each.text for each in shown.comments.all()] == ["mine"]
    undo = workflow.undo_decision(mod, decision)
    back = Picture.objects.get(pk=live.pk)
    assert (back.public_id, back.state, back.comments.count()) == (address, State.LIVE, 1)
    assert Picture.objects.get(pk=better.pk).published_at is None
    workflow.undo_decision(mod, undo)
    assert Picture.objects.get(pk=better.pk).public_id == address
    assert find_violations(read_bytes=True) == []


def test_what_was_said_at_the_address_meanwhile_stays_there(
    upload: Upload, alice: User, mod: User, live: Picture
) -> None:
    better = upload(alice, jpeg(scene(), 97))
    decision = replace(alice, mod, better)
    Comment.objects.create(picture=better, author=alice, text="so sharp")
    Favourite.objects.create(picture=better, person=alice)
    assert what_stays(decision) == []
    undo = workflow.undo_decision(mod, decision)
    assert (live.comments.count(), live.favourites.count(), better.comments.count()) == (1, 1, 0)
    workflow.undo_decision(mod, undo)
    assert (live.comments.count(), better.comments.count()) == (0, 1)


def test_both_people_find_their_upload_at_the_address_that_they_know(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture, client: Client
) -> None:
    better = upload(alice, jpeg(scene(), 97))
    replace(alice, mod, better)
    for owner, known in ((alice, better.public_id), (bob, live.public_id)):
        client.force_login(owner)
        assert client.get(f"/uploads/{known}").status_code == 200
        answer = client.get(f"/api/v1/uploads/{known}").json()
        assert answer["state"] == ("live" if owner == alice else "withdrawn")
    client.force_login(User.objects.create_user("carol"))
    assert client.get(f"/uploads/{live.public_id}").status_code == 404


def test_an_external_id_finds_the_picture_that_the_copy_leads_to(
    upload: Upload, alice: User, live: Picture, client: Client
) -> None:
    copy = upload(alice, jpeg(scene(), 60), external_id="archive-7")
    workflow.answer(alice, copy, Match.objects.get(query=copy), Verdict.SAME)
    found = client.get("/api/v1/pictures", {"external_id": "archive-7"}).json()
    assert [each["id"] for each in found["items"]] == [live.public_id]
