"""Finding by words: what is found, what never is, and lists that lose nothing while they are merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Event
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image, ImageOps

from dedupe.conf import Matching
from dedupe.imaging import ViewWords
from dedupe.imaging.features import extract
from dedupe.imaging.views import words_of
from dedupe.imaging.words import WordPoints
from dedupe.models import NewPosting, Picture, Posting, State, VisualWords
from dedupe.search import SearchFailed, postings, words
from dedupe.search.postings import merge_backlog, merge_postings, post_words
from dedupe.search.words import WordCandidate, WordCandidates, find_by_words
from tests.pictures import flat, landscape

pytestmark = pytest.mark.django_db


def row(state: str = State.LIVE) -> Picture:
    """A picture without bytes, published or not."""
    number = Picture.objects.count()
    return Picture.objects.create(
        state=state,
        checksum=f"{number:064x}",
        size_bytes=1,
        storage_key=f"o/{number}",
        width=480,
        height=360,
        published_at=timezone.now(),
    )


def scattered(seed: int, count: int = 60) -> WordPoints:
    """Words and places drawn at random."""
    rng = np.random.default_rng(seed)
    places = np.stack([rng.integers(0, top, count) for top in (1024, 1024, 256, 256)], axis=1)
    return WordPoints(rng.integers(0, 2**20, count).astype(np.int32), places.astype(np.uint16))


def both(image: Image.Image) -> ViewWords:
    """The words of an RGB picture and of its mirror image, computed once for the same pixels."""
    return _both(image.size, image.tobytes())


@lru_cache(maxsize=64)
def _both(size: tuple[int, int], pixels: bytes) -> ViewWords:
    return words_of(extract(np.asarray(Image.frombytes("RGB", size, pixels))))


def posted(image: Image.Image, state: str = State.LIVE) -> Picture:
    picture = row(state)
    post_words(picture.pk, both(image).plain)
    return picture


def search(words: ViewWords, *, leave_out: Sequence[int] = (), **settings: Any) -> WordCandidates:
    return find_by_words(words, Matching(**{"statement_timeout_ms": 5000, **settings}), leave_out)


def find(image: Image.Image, **settings: Any) -> tuple[WordCandidate, ...]:
    return search(both(image), **settings).found


def pictures_in(packed: bytes) -> list[int]:
    return np.frombuffer(packed, ">i4").tolist()


@pytest.fixture
def library(db: None) -> list[Picture]:
    """Four landscapes, two of them in the lists already."""
    pictures = [posted(landscape(seed, 480, 360)) for seed in (1, 2)]
    merge_postings()
    return pictures + [posted(landscape(seed, 480, 360)) for seed in (3, 4)]


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize(
    "edit",
    [
        lambda picture: picture.crop((100, 80, 440, 330)),
        lambda picture: ImageOps.expand(picture, (20, 160, 20, 20), "white").resize((375, 480)),
        lambda picture: picture.rotate(15, Image.Resampling.BICUBIC),
        lambda picture: picture.resize((160, 120), Image.Resampling.LANCZOS),
    ],
    ids=["crop", "caption bar", "rotation", "small"],
)
def test_an_edited_copy_leads_to_its_original_merged_or_new(
    library: list[Picture], seed: int, edit: Callable[[Image.Image], Image.Image]
) -> None:
    found = find(edit(landscape(seed, 480, 360)))
    assert found[0].picture_id == library[seed - 1].pk
    assert found[0].votes >= 8
    assert not found[0].mirrored


def test_a_mirrored_part_leads_to_its_original_and_says_so(library: list[Picture]) -> None:
    found = find(ImageOps.mirror(landscape(2, 480, 360).crop((40, 30, 400, 300))))
    assert (found[0].picture_id, found[0].mirrored) == (library[1].pk, True)


def test_another_picture_leads_nowhere(library: list[Picture]) -> None:
    assert find(landscape(9, 480, 360)) == ()


def test_a_picture_without_points_is_kept_and_finds_nothing(library: list[Picture]) -> None:
    plain = posted(flat())
    assert plain.words.word_points().words.tolist() == []
    assert find(flat()) == ()


def test_only_live_pictures_are_found(library: list[Picture]) -> None:
    for state in (State.HELD, State.STAGED, State.REMOVED):
        Picture.objects.filter(pk=library[0].pk).update(state=state)
        assert find(landscape(1, 480, 360)) == ()


def test_a_crowd_of_held_copies_does_not_hide_the_live_one(
    library: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_MOST_VOTED_ON", 2)
    for _ in range(20):
        posted(landscape(1, 480, 360), State.HELD)
    late = posted(landscape(1, 480, 360))
    assert {each.picture_id for each in find(landscape(1, 480, 360))} == {library[0].pk, late.pk}


def test_pictures_to_leave_out_are_left_out(library: list[Picture]) -> None:
    assert find(landscape(1, 480, 360), leave_out=[library[0].pk]) == ()


def test_no_more_are_found_than_asked_for(library: list[Picture]) -> None:
    for _ in range(3):
        posted(landscape(1, 480, 360))
    assert len(find(landscape(1, 480, 360), verified_candidates=2)) == 2


def test_the_number_of_queries_does_not_depend_on_the_library(library: list[Picture]) -> None:
    with CaptureQueriesContext(connection) as captured:
        find(landscape(1, 480, 360))
    statements = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 6, statements


def test_no_more_is_read_than_is_allowed_and_that_is_said(
    library: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_postings()
    read: list[int] = []

    def reading(keys: list[int], **most: int) -> postings.PostingLists:
        read.extend(keys)
        return postings.read_postings(keys, **most)

    monkeypatch.setattr(words, "read_postings", reading)
    assert search(both(landscape(1, 480, 360)), words_postings=10).cut
    assert 1 <= sum(len(pictures_in(each.pictures)) for each in Posting.objects.filter(word__in=read)) <= 10
    assert not search(both(landscape(1, 480, 360))).cut


def test_new_postings_beyond_what_is_read_are_said(
    library: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_MOST_NEW", 10)
    assert search(both(landscape(3, 480, 360))).cut
    merge_postings()
    assert not search(both(landscape(3, 480, 360))).cut


def test_a_library_too_large_is_not_searched_and_that_is_said(library: list[Picture]) -> None:
    assert search(both(landscape(1, 480, 360)), words_library=3) == WordCandidates((), searched=False)
    assert search(both(landscape(1, 480, 360)), words_library=max(each.pk for each in library)).found


def test_common_words_are_not_looked_up(library: list[Picture], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_NEVER_COMMON", 1)
    monkeypatch.setattr(words, "_COMMON", 0)
    for _ in range(2):
        posted(landscape(1, 480, 360))
    merge_postings()
    assert find(landscape(1, 480, 360)) == ()
    assert find(landscape(2, 480, 360))[0].picture_id == library[1].pk


def test_a_search_beyond_its_time_fails_and_is_not_empty(
    library: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_READ", "SELECT 1, ''::bytea, false FROM pg_sleep(1)")
    with pytest.raises(SearchFailed):
        find(landscape(1, 480, 360), statement_timeout_ms=20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")


def test_posting_the_same_words_again_changes_nothing() -> None:
    picture = row()
    for _ in range(2):
        post_words(picture.pk, scattered(1))
        merge_postings()
        post_words(picture.pk, scattered(1))
    assert NewPosting.objects.count() == 0
    assert all(pictures_in(each.pictures) == [picture.pk] for each in Posting.objects.all())


def test_other_points_of_the_same_picture_replace_the_first_ones() -> None:
    picture = row()
    post_words(picture.pk, scattered(1))
    post_words(picture.pk, scattered(2))
    assert VisualWords.objects.get().points == scattered(2).to_bytes()
    assert search(ViewWords(scattered(2), scattered(3))).found[0].votes == 60


def test_a_list_grows_in_parts_and_each_is_full_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "FULL", 3)
    word = postings.key(7)
    for start in range(0, 10, 2):
        NewPosting.objects.bulk_create(NewPosting(word=word, picture=start + step) for step in (0, 1))
        merge_postings()
    parts = Posting.objects.order_by("chunk")
    assert [pictures_in(each.pictures) for each in parts] == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]
    assert postings.list_lengths([word, postings.key(8)]) == {word: 10}


def test_a_merge_moves_no_more_than_it_was_asked_to() -> None:
    post_words(row().pk, scattered(1))
    assert merge_postings(most=30) == 30
    assert NewPosting.objects.count() == 30
    assert [merge_postings(), merge_postings()] == [30, 0]


def test_a_backlog_is_merged_once_it_is_large_beside_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    post_words(row().pk, scattered(1))
    monkeypatch.setattr(postings, "_BACKLOG_SHARE", 1.0)
    assert merge_backlog() == 0
    monkeypatch.setattr(postings, "_BACKLOG_SHARE", 0.0)
    assert merge_backlog(seconds=0) == 0
    assert merge_backlog() == 60
    assert merge_backlog() == 0


def everything() -> Counter[tuple[int, int]]:
    """Each posting, in whichever table it stands."""
    keys = [
        *Posting.objects.values_list("word", flat=True),
        *NewPosting.objects.values_list("word", flat=True),
    ]
    read = postings.read_postings(sorted(set(keys)), most_new=100_000)
    owners = np.repeat(read.keys, read.lengths).tolist()
    return Counter(zip(owners, read.pictures.tolist(), strict=True))


@pytest.mark.django_db(transaction=True)
def test_uploads_merges_and_searches_at_once_lose_nothing_and_count_nothing_twice() -> None:
    early = scattered(0)
    first = row()
    post_words(first.pk, early)
    pictures = [row() for _ in range(40)]
    done = Event()

    def in_thread(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    def merge_until_done() -> int:
        merged = 0
        while not done.is_set():
            merged += merge_postings(most=50)
        return merged

    def search_until_done() -> set[int]:
        seen = set()
        while not done.is_set():
            found = search(ViewWords(early, scattered(99))).found
            seen.add(found[0].votes if found else 0)
        return seen

    def upload() -> None:
        for picture in pictures:
            post_words(picture.pk, scattered(picture.pk))

    with ThreadPoolExecutor(4) as pool:
        merging = [pool.submit(in_thread, merge_until_done) for _ in range(2)]
        searching = pool.submit(in_thread, search_until_done)
        pool.submit(in_thread, upload).result()
        done.set()
    while merge_postings():
        pass
    assert searching.result() == {60}
    assert sum(each.result() for each in merging) > 0
    expected = {(postings.key(word), first.pk) for word in early.words.tolist()}
    for picture in pictures:
        expected |= {(postings.key(word), picture.pk) for word in scattered(picture.pk).words.tolist()}
    assert everything() == Counter(expected)


@pytest.mark.django_db(transaction=True)
def test_while_one_process_merges_another_does_not() -> None:
    post_words(row().pk, scattered(1))

    def merge() -> int:
        try:
            return merge_postings()
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert merge_postings(most=10) == 10
        assert pool.submit(merge).result() == 0
    assert merge_postings() == 50
