"""The one candidate query: each route, each bound, and what it never shows."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board.models import User
from dedupe import search
from dedupe.conf import Matching
from dedupe.models import Fingerprint, Match, Picture, State, Verdict
from dedupe.models.fingerprints import signed, unsigned
from dedupe.search import candidates, keys
from dedupe.search.candidates import Query, find_candidates, hamming
from dedupe.search.verification import compare_pictures, nearest, query_of
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.pictures import flat

pytestmark = pytest.mark.django_db


def query_for(picture: Picture, **changes: Any) -> Query:
    query = query_of(picture)
    assert query is not None
    values = {name: getattr(query, name) for name in Query.__dataclass_fields__} | changes
    return Query(**values)


def flip(picture: Picture, bits: int) -> None:
    """Change some bits of the stored hash, and its chunks with it."""
    row = picture.fingerprints.get()
    row.phash = signed(unsigned(row.phash) ^ bits)
    for number, chunk in enumerate(keys.chunks(unsigned(row.phash))):
        setattr(row, f"chunk{number}", chunk)
    row.window_key = 0
    row.save()


def routes(query: Query, matching: Matching | None = None) -> set[str]:
    found = find_candidates(query, matching or Matching()).found
    return {route for candidate in found for route in candidate.routes}


def test_a_copy_is_found_by_every_route(live: Picture) -> None:
    query = query_for(live, leave_out=())
    assert routes(query) == {"checksum", "pixels", "window", "hash0", "hash1", "hash2", "hash3"}


def test_the_hash_route_alone_finds_seven_differing_bits(live: Picture) -> None:
    flip(live, 0b1111111)
    query = query_for(live, leave_out=(), checksum="", pixel_checksum="")
    query = Query(_with_phash(query, 0b1111111), "", "", ())
    assert routes(query) == {"hash0", "hash1", "hash2"}


def _with_phash(query: Query, flipped: int) -> Any:
    from dataclasses import replace

    return replace(query.fingerprint, phash=query.fingerprint.phash ^ flipped)


def test_the_window_route_alone_finds_another_hash(live: Picture) -> None:
    row = live.fingerprints.get()
    key = row.window_key
    flip(live, 0xFFFF_FFFF_FFFF_FFFF)
    Fingerprint.objects.update(window_key=key)
    query = Query(_with_phash(query_for(live), 0xFFFF_FFFF_FFFF_FFFF), "", "", ())
    assert routes(query) == {"window"}


def test_only_live_pictures_are_candidates(live: Picture, held: Picture) -> None:
    query = query_for(held)
    assert [found.picture_id for found in find_candidates(query, Matching()).found] == [live.pk]
    Picture.objects.filter(pk=live.pk).update(state=State.REMOVED)
    assert find_candidates(query, Matching()).found == ()


def test_a_picture_is_not_its_own_candidate(live: Picture) -> None:
    assert find_candidates(query_for(live), Matching()).found == ()


def test_a_branch_that_its_limit_cuts_is_named(live: Picture) -> None:
    found = find_candidates(query_for(live, leave_out=()), Matching(branch_limit=1))
    assert "window" in found.cut


def test_a_query_beyond_its_time_fails_and_is_not_empty(
    live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_SEARCH", "SELECT pg_sleep(1) FROM ({branches}) AS b")
    with pytest.raises(search.SearchFailed):
        find_candidates(query_for(live, leave_out=()), Matching(statement_timeout_ms=20))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")


def test_the_time_limit_ends_with_the_query(live: Picture) -> None:
    find_candidates(query_for(live), Matching(statement_timeout_ms=30))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")


def test_near_uniform_pictures_use_the_exact_routes_only(upload: Upload, alice: User) -> None:
    white = upload(alice, jpeg(flat("white", (320, 240))))
    assert routes(query_for(white, leave_out=())) == {"checksum", "pixels"}


def test_a_search_takes_few_queries_however_many_candidates(
    upload: Upload, alice: User, live: Picture, held: Picture
) -> None:
    query = query_for(held)
    with CaptureQueriesContext(connection) as captured:
        found = search.find_look_alikes(query, (320, 240), Matching())
    assert len(found.found) == 1
    statements = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 4, statements


def test_the_threshold_decides_who_is_asked(held: Picture, match: Match) -> None:
    query = query_for(held)
    assert match.distance is not None
    size = (320, 240)
    asked = search.find_look_alikes(query, size, Matching(ask_distance=match.distance))
    assert [evidence.distances.dct for evidence in asked.found] == [match.distance]
    if match.distance:
        spared = search.find_look_alikes(query, size, Matching(ask_distance=match.distance - 1))
        assert spared.found == ()


def test_the_nearest_are_shown_whoever_would_be_asked(held: Picture, live: Picture) -> None:
    (evidence,) = nearest(query_for(held), (320, 240), Matching(ask_distance=0, confident_distance=0), 5)
    assert evidence.picture_id == live.pk
    assert set(evidence.numbers()) >= {"dct", "phash", "intensity", "aspect"}


def test_pictures_without_fingerprints_cannot_be_compared(live: Picture, held: Picture) -> None:
    Fingerprint.objects.filter(picture=live).delete()
    assert compare_pictures(held, live, Matching()) is None
    assert query_of(live) is None
    assert find_candidates(query_for(held, checksum=live.checksum), Matching()).found[0].distance is None


def test_hamming_counts_differing_bits() -> None:
    assert hamming(b"\x00\xff", b"\x01\x0f") == 5


def test_a_pair_called_a_variant_is_linked_and_not_asked_about_by_its_own_copies(
    upload: Upload, say: Any, held: Picture, live: Picture, alice: User
) -> None:
    say(Verdict.VARIANT)
    copy = upload(alice, jpeg(scene(), 60))
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of_id) == (State.WITHDRAWN, held.pk)


@pytest.mark.parametrize("bits", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_hashes_survive_the_signed_column(bits: int) -> None:
    assert -(2**63) <= signed(bits) < 2**63
    assert unsigned(signed(bits)) == bits
