"""The candidate query: each route, each bound, and what it never shows."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageOps

from board.models import User
from dedupe import search
from dedupe.conf import Matching
from dedupe.imaging import Fingerprint as Numbers
from dedupe.imaging import Treatment, analyse
from dedupe.models import Fingerprint, Match, Picture, State, Verdict
from dedupe.models.fingerprints import signed, unsigned
from dedupe.search import Query, candidates, find_candidates, keys, query_of, query_of_analysis
from dedupe.search.candidates import Candidate
from tests import scenes
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.pictures import animation, cutout, encoded, flat

pytestmark = pytest.mark.django_db

BY_HASH = Matching(window_route=False, words_route=False)
BY_WINDOW = Matching(hash_route=False, words_route=False)
BY_WORDS = Matching(hash_route=False, window_route=False)
BY_CHUNKS = ("hash0", "hash1", "hash2", "hash3")
INDEX_ROUTES = pytest.mark.parametrize("matching", [BY_HASH, BY_WINDOW], ids=["by hash", "by window"])


def query_for(picture: Picture, **changes: Any) -> Query:
    query = query_of(picture)
    assert query is not None
    return replace(query, **changes)


def query_of_file(data: bytes) -> Query:
    return query_of_analysis(analyse(data))


def found(query: Query, matching: Matching | None = None) -> dict[int, Candidate]:
    return {each.picture_id: each for each in find_candidates(query, matching or Matching()).found}


def routes(query: Query, matching: Matching | None = None) -> set[str]:
    return {route for candidate in found(query, matching).values() for route in candidate.routes}


def flip(picture: Picture, bits: int) -> None:
    """Change some bits of the stored hash, and its chunks with it."""
    row = picture.fingerprints.get()
    row.phash = signed(unsigned(row.phash) ^ bits)
    for number, chunk in enumerate(keys.chunks(unsigned(row.phash))):
        setattr(row, f"chunk{number}", chunk)
    row.window_key = 0
    row.save()


def flipped(query: Query, bits: int) -> Query:
    """A query for these other bits alone, as it is: neither bytes nor words, and no treatment that is turned."""
    (only,) = query.fingerprints
    other: Numbers = replace(only, phash=only.phash ^ bits, treatment=Treatment.OVER_BLACK)
    return replace(query, fingerprints=(other,), checksum="", pixel_checksum="", words=None, leave_out=())


def test_a_copy_is_found_by_every_route(live: Picture) -> None:
    copy = query_for(live, leave_out=())
    assert routes(copy) == {"checksum", "pixels", "window", *BY_CHUNKS, "hash", "words"}
    (candidate,) = found(copy).values()
    assert (candidate.picture_id, candidate.distance) == (live.pk, 0)
    assert candidate.votes >= 20


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"hash_route": False}, {"checksum", "pixels", "window", "words"}),
        ({"window_route": False}, {"checksum", "pixels", *BY_CHUNKS, "hash", "words"}),
        ({"words_route": False}, {"checksum", "pixels", "window", *BY_CHUNKS, "hash"}),
        ({"hash_route": False, "window_route": False, "words_route": False}, {"checksum", "pixels"}),
    ],
    ids=["hashes", "windows", "words", "all but the exact ones"],
)
def test_each_route_can_be_turned_off(live: Picture, off: dict[str, bool], left: set[str]) -> None:
    assert routes(query_for(live, leave_out=()), Matching(**off)) == left


def test_the_hash_route_alone_finds_seven_differing_bits(live: Picture) -> None:
    flip(live, 0b1111111)
    assert routes(flipped(query_for(live), 0b1111111)) == {"hash0", "hash1", "hash2"}


def test_the_window_route_alone_finds_another_hash(live: Picture) -> None:
    row = live.fingerprints.get()
    flip(live, 0xFFFF_FFFF_FFFF_FFFF)
    Fingerprint.objects.update(window_key=row.window_key)
    assert routes(flipped(query_for(live), 0xFFFF_FFFF_FFFF_FFFF)) == {"window"}


@INDEX_ROUTES
@pytest.mark.parametrize("turn", [None, *Image.Transpose], ids=lambda turn: turn.name if turn else "as it is")
def test_every_orientation_is_found_by_each_index_route(
    live: Picture, matching: Matching, turn: Image.Transpose | None
) -> None:
    turned = scene() if turn is None else scene().transpose(turn)
    candidate = found(query_of_file(encoded(turned)), matching)[live.pk]
    assert candidate.distance is not None
    assert candidate.distance <= 12
    assert candidate.votes == 0


class TestTreatments:
    """A framed, a transparent or a moving picture and its plain copy find one another."""

    FRAMES = [scenes.photograph(seed, 240, 180) for seed in range(31, 35)]
    PLAIN = jpeg(scenes.photograph(30, 320, 240))
    FRAMED = encoded(ImageOps.expand(ImageOps.mirror(scenes.photograph(30, 320, 240)), 50, "black"))
    CUTOUT = encoded(cutout())
    GIF = animation("GIF", FRAMES)
    MOMENT = jpeg(FRAMES[2])

    @staticmethod
    def over_black() -> bytes:
        black = Image.new("RGB", cutout().size, "black")
        black.paste(cutout(), mask=cutout().getchannel("A"))
        return encoded(black)

    @INDEX_ROUTES
    @pytest.mark.parametrize("turned_around", [False, True], ids=["stored first", "uploaded first"])
    @pytest.mark.parametrize("pair", ["framed", "transparent", "moving", "moving twice"])
    def test_both_ways_by_each_index_route(
        self, upload: Upload, alice: User, matching: Matching, pair: str, turned_around: bool
    ) -> None:
        stored, query = {
            "framed": (self.PLAIN, self.FRAMED),
            "transparent": (self.CUTOUT, self.over_black()),
            "moving": (self.GIF, self.MOMENT),
            "moving twice": (self.GIF, animation("WEBP", self.FRAMES[1:] + self.FRAMES[:1], quality=90)),
        }[pair]
        if turned_around:
            stored, query = query, stored
        picture = upload(alice, stored)
        candidate = found(query_of_file(query), matching)[picture.pk]
        assert candidate.distance is not None
        assert candidate.distance <= 24


def test_a_large_crop_is_found_by_words_and_says_how_many(live: Picture) -> None:
    crop = query_of_file(encoded(scene().crop((60, 50, 280, 210))))
    (candidate,) = found(crop, BY_WORDS).values()
    assert (candidate.picture_id, candidate.routes) == (live.pk, {"words"})
    assert candidate.votes >= Matching().least_votes
    assert candidate.distance is None
    assert found(replace(crop, words=None), BY_WORDS) == {}


def test_an_embedder_is_a_route_of_its_own(settings: Any, upload: Upload, alice: User, bob: User) -> None:
    settings.DEDUPE = {"embedders": [{"class": "dedupe.embedding.ColourLayout"}]}
    live = upload(bob, jpeg(scene(), 92))
    query = query_for(live, leave_out=(), checksum="", pixel_checksum="")
    off = {"hash_route": False, "window_route": False, "words_route": False}
    assert routes(query, Matching(**off)) == {"embedding:colour-layout"}
    assert routes(query, Matching(**off, embedding_routes=False)) == set()


def test_only_live_pictures_are_candidates(live: Picture, held: Picture) -> None:
    query = query_for(held)
    assert list(found(query)) == [live.pk]
    Picture.objects.filter(pk=live.pk).update(state=State.REMOVED)
    assert found(query) == {}


def test_a_picture_is_not_its_own_candidate(live: Picture) -> None:
    assert found(query_for(live)) == {}


def test_a_branch_that_its_limit_cuts_is_named(live: Picture) -> None:
    result = find_candidates(query_for(live, leave_out=()), Matching(branch_limit=1))
    assert "window" in result.cut


def test_a_query_beyond_its_time_fails_and_is_not_empty(
    live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "statement", lambda *_: ("SELECT NULL, NULL, pg_sleep(1)", []))
    with pytest.raises(search.SearchFailed):
        find_candidates(query_for(live, leave_out=()), Matching(statement_timeout_ms=20))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")


def test_the_time_limit_ends_with_the_query(live: Picture) -> None:
    find_candidates(query_for(live), Matching(statement_timeout_ms=30_000))
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_near_uniform_pictures_use_the_exact_routes_only(upload: Upload, alice: User) -> None:
    white = upload(alice, jpeg(flat("white", (320, 240))))
    query = query_for(white, leave_out=())
    assert query.too_little_detail
    assert routes(query) == {"checksum", "pixels"}


def test_a_search_takes_few_statements_however_many_candidates(
    upload: Upload, alice: User, live: Picture, held: Picture
) -> None:
    query = query_for(held)
    with CaptureQueriesContext(connection) as captured:
        result = search.find_look_alikes(query, Matching())
    assert len(result.found) == 1
    statements = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 12, statements


def test_pictures_without_fingerprints_are_found_by_their_bytes_alone(live: Picture, held: Picture) -> None:
    query = query_for(held, checksum=live.checksum, words=None)
    Fingerprint.objects.filter(picture=live).delete()
    (candidate,) = found(query).values()
    assert (candidate.routes, candidate.distance) == ({"checksum"}, None)


def test_the_nearest_hashes_come_first(
    upload: Upload, say: Any, live: Picture, held: Picture, bob: User
) -> None:
    say(Verdict.VARIANT)
    query = query_of_file(jpeg(scene(), 61))
    distances = [each.distance for each in find_candidates(query, Matching()).found]
    assert len(distances) == 2
    assert distances == sorted(distances)  # type: ignore[type-var]


def test_a_pair_called_a_variant_is_linked_and_not_asked_about_by_its_own_copies(
    upload: Upload, say: Any, held: Picture, live: Picture, alice: User
) -> None:
    say(Verdict.VARIANT)
    copy = upload(alice, jpeg(scene(), 60))
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of_id) == (State.WITHDRAWN, held.pk)
    assert not Match.objects.filter(query=copy, verdict="").exclude(candidate=live).exists()


@pytest.mark.parametrize("bits", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_hashes_survive_the_signed_column(bits: int) -> None:
    assert -(2**63) <= signed(bits) < 2**63
    assert unsigned(signed(bits)) == bits
