"""The numbers behind a question."""

from __future__ import annotations

import pytest

from board.pages.figures import Found, figures, people_said, routes_words
from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.statistics import Confirmed

EVIDENCE = {
    "dct": 40.0,
    "phash": 2.0,
    "luma": 0.991,
    "edges": 0.87,
    "changed": 0.04,
    "brighter": -6.2,
    "colour": 3.0,
    "places": 64.0,
    "theirs_covered": 0.4,
    "mine_covered": 1.0,
}


def shown(evidence: dict[str, float], found: Found | None = None) -> dict[str, str]:
    found = found or Found(0.97, 6, ["hash0", "hash2", "window"])
    return {
        figure.label: f"{figure.value} ({figure.bound})" for figure in figures(found, evidence, Matching())
    }


def test_figures_stand_against_the_settings() -> None:
    said = shown(EVIDENCE)
    assert said["Score"] == "0.97 of 1 (we ask from 0.5, and are fairly sure from 0.95)"
    assert said["Structure"].startswith("6 of 256 marks differ (by structure alone we compare up to 96")
    assert said["Coarse structure"].startswith("2 of 64 marks differ (looked at up to 10")
    assert said["Found by"].startswith("like structure, like brightness and shape")


def test_what_was_seen_is_said_in_plain_words() -> None:
    said = shown(EVIDENCE)
    assert said["Agreeing places"].startswith("64 ")
    assert said["In common"].startswith("100 % of the newer, 40 % of the older")
    assert said["Light and dark agree"].startswith("99 %")
    assert said["Outlines agree"].startswith("87 %")
    assert said["Changed"].startswith("4 %")
    assert said["Brightness differs by"].startswith("6 of 255, the newer darker")
    assert said["Colours differ by"].startswith("3 of 255")


@pytest.mark.parametrize(
    ("brighter", "words"), [(0.2, "equal"), (12.0, "12 of 255, the newer lighter"), (-1.0, "1 of 255")]
)
def test_brightness_says_which_is_lighter(brighter: float, words: str) -> None:
    assert shown({"brighter": brighter})["Brightness differs by"].startswith(words)


def test_frames_laid_on_frames_use_no_places() -> None:
    assert shown({"places": 0.0})["Agreeing places"].startswith("not used")


def test_what_was_not_measured_is_left_out() -> None:
    assert set(shown({}, Found(1.0, None, ["checksum"]))) == {"Found by", "Score"}
    assert figures(Found(0.5, None, []), {}, Matching()) == []


def test_routes_have_names() -> None:
    assert routes_words(["checksum", "pixels"]) == "the same bytes, the same points"
    assert routes_words(["words", "embedding:colour_layout"]) == "shared details, the measure “colour_layout”"


@pytest.mark.parametrize(
    ("relation", "counts", "said"),
    [
        (Relation.RESIZED, (19, 20), ["the same picture, 19 times of 20"]),
        (Relation.CROPPED, (90, 100), ["the same picture or a variant of it, 90 times of 100"]),
        (Relation.RESIZED, (19, 19), []),
    ],
)
def test_what_people_said_of_such_matches(
    relation: Relation, counts: tuple[int, int], said: list[str]
) -> None:
    assert [figure.value for figure in people_said(relation, Confirmed(*counts))] == said
