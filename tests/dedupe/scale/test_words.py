"""Made-up words: lists as a merge leaves them, and crops found by them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dedupe.models import Posting, VisualWords
from dedupe.scale import crops
from dedupe.scale.clock import index_routes
from dedupe.scale.library import store_pictures
from dedupe.scale.word_population import fill_words, word_blocks
from dedupe.search import postings
from tests.pictures import landscape

PICTURES = 1500


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("originals")
    for seed in range(4):
        landscape(seed + 20, 480, 360).save(folder / f"{seed}.png")
    (folder / "notes.txt").write_text("no picture")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def cropped(scratch: None, files: list[Path]) -> list[crops.Crop]:
    cropped, originals = crops.crops(files, 10, PICTURES + 1, seed=1)
    store_pictures(1, PICTURES + len(originals))
    fill_words(PICTURES, 1, originals, lambda _: None)
    return cropped


def test_words_repeat_as_those_of_photographs_do() -> None:
    words = np.concatenate([block.ravel() for _, block in word_blocks(10_000, 2)])
    _, counts = np.unique(words, return_counts=True)
    assert (counts * (counts - 1.0)).sum() / len(words) ** 2 * 2**20 == pytest.approx(4.2, abs=0.4)


def test_the_lists_are_those_that_posting_and_merging_would_leave(cropped: list[crops.Crop]) -> None:
    expected: dict[int, set[int]] = {}
    for pictures, words in word_blocks(PICTURES, 1):
        for picture, own in zip(pictures.tolist(), words.tolist(), strict=True):
            for word in own:
                expected.setdefault(postings.key(word), set()).add(picture)
    chosen = sorted(expected, key=lambda word: -len(expected[word]))[:200]
    read = postings.read_postings(chosen, most_new=0)
    found: dict[int, list[int]] = {}
    for word, picture in zip(
        np.repeat(read.keys, read.lengths).tolist(), read.pictures.tolist(), strict=True
    ):
        if picture <= PICTURES:
            found.setdefault(word, []).append(picture)
    assert found == {word: sorted(expected[word]) for word in chosen}
    assert VisualWords.objects.count() == PICTURES + 4
    assert max(len(bytes(each.pictures)) for each in Posting.objects.all()[:500]) <= 4 * postings.FULL


def test_every_crop_leads_to_its_original(cropped: list[crops.Crop]) -> None:
    found = crops.find(cropped, index_routes(), PICTURES)
    assert (found.first, found.first_ten, found.not_searched) == (1, 1, 0)
    assert 500 < found.bytes_per_picture < 10_000
