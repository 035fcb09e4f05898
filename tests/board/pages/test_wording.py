"""The question in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from board.outcome import outcome_of
from board.pages import wording
from board.pages.likeness import TO_STAFF, Pair
from dedupe.conf import Matching
from dedupe.imaging import Refusal, Relation
from dedupe.models import CheckOutcome, Picture, Verdict

MARCH = datetime(2024, 3, 14, tzinfo=UTC)


def picture(width: int = 1200, height: int = 800, **more: object) -> Picture:
    values: dict[str, object] = {
        "format": "jpeg",
        "quality": 80,
        "size_bytes": 412_000,
        "created_at": MARCH,
        "published_at": MARCH,
    }
    return Picture(width=width, height=height, **(values | more))


def pair(relation: Relation, mine: Picture | None = None, theirs: Picture | None = None) -> Pair:
    return Pair(relation, mine or picture(), theirs or picture())


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        (Relation.IDENTICAL_BYTES, "the very same file as one that has been here since March 2024"),
        (Relation.SAME_PIXELS, "point for point"),
        (Relation.RE_ENCODED, "saved again."),
        (Relation.RESIZED, "another size, yours larger"),
        (Relation.GREYSCALE, "without its colours"),
        (Relation.CROPPED, "showing more of it"),
        (Relation.RECOLOURED, "in other colours"),
        (Relation.VARIANT, "a part that differs"),
    ],
)
def test_each_relation_has_its_sentence(relation: Relation, words: str) -> None:
    sentence = wording.why_we_ask(pair(relation, picture(2400, 1600)))
    assert words in sentence
    assert sentence.startswith("Your upload ")
    assert sentence.endswith(".")


@pytest.mark.parametrize("relation", list(Relation))
def test_every_relation_can_be_said(relation: Relation) -> None:
    assert wording.why_we_ask(pair(relation, theirs=picture(published_at=None))).endswith(".")


def test_a_new_format_is_named() -> None:
    assert "as WebP" in wording.why_we_ask(pair(Relation.RE_ENCODED, picture(format="webp")))


def test_staff_read_of_the_newer_one() -> None:
    sentence = wording.why_we_ask(pair(Relation.RESIZED, picture(600, 400)), TO_STAFF)
    assert sentence.startswith("The newer one looks like")
    assert sentence.endswith("the newer smaller.")


def test_equal_areas_of_other_shape() -> None:
    assert "other proportions" in wording.why_we_ask(pair(Relation.RESIZED, picture(800, 1200)))


@pytest.mark.parametrize(
    ("relation", "probability", "mine", "expected"),
    [
        (Relation.RE_ENCODED, 0.99, picture(), Verdict.SAME),
        (Relation.RESIZED, 0.99, picture(2400, 1600), Verdict.BETTER),
        (Relation.RESIZED, 0.99, picture(600, 400), Verdict.SAME),
        (Relation.GREYSCALE, 0.9, picture(), Verdict.SAME),
        (Relation.FRAMED, 0.9, picture(1300, 900), Verdict.SAME),
        (Relation.CROPPED, 0.9, picture(2400, 1600), Verdict.VARIANT),
        (Relation.MIRRORED, 0.9, picture(), Verdict.VARIANT),
        (Relation.VARIANT, 0.9, picture(), Verdict.VARIANT),
        (Relation.RECOLOURED, 0.9, picture(), Verdict.VARIANT),
        (Relation.RE_ENCODED, 0.3, picture(), None),
    ],
)
def test_the_guess(relation: Relation, probability: float, mine: Picture, expected: Verdict | None) -> None:
    assert wording.guess(pair(relation, mine), probability) == expected


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.95, "fairly sure"), (0.94, "seems likely"), (0.5, "likely"), (0.49, "not sure")],
)
def test_how_sure_follows_the_settings(probability: float, words: str) -> None:
    assert words in wording.how_sure(probability, Matching())


@pytest.mark.parametrize(
    ("mine", "label", "tone"),
    [
        (picture(2400, 1600), "Dimensions", "better"),
        (picture(600, 400), "Dimensions", "worse"),
        (picture(), "Dimensions", "equal"),
        (picture(800, 1200), "Dimensions", ""),
        (picture(format="png", quality=None), "Format", "better"),
        (picture(quality=92), "Format", "equal"),
        (picture(), "Format", "equal"),
        (picture(quality=92), "JPEG quality", "better"),
        (picture(quality=60), "JPEG quality", "worse"),
        (picture(), "JPEG quality", "equal"),
        (picture(format="webp", quality=None), "JPEG quality", ""),
        (picture(), "Here since", "equal"),
        (picture(published_at=None), "Here since", ""),
        (picture(format="webp", quality=None), "Format", ""),
        (picture(size_bytes=1), "File size", ""),
        (picture(), "File size", "equal"),
    ],
)
def test_rows_say_better_worse_or_equal(mine: Picture, label: str, tone: str) -> None:
    row = next(row for row in wording.rows(mine, picture()) if row.label == label)
    assert row.tone == tone


def test_what_neither_says_has_no_line() -> None:
    labels = [row.label for row in wording.rows(picture(quality=None), picture(quality=None))]
    assert labels == ["Dimensions", "File size", "Format", "Here since"]


def test_an_unpublished_upload_is_not_here_yet() -> None:
    row = next(
        row for row in wording.rows(picture(published_at=None), picture()) if row.label == "Here since"
    )
    assert (row.mine, row.theirs) == ("not published yet", "14 March 2024")


def test_what_a_row_means_is_said_in_words() -> None:
    judged = {row.label: row.judgement for row in wording.rows(picture(600, 400, size_bytes=1), picture())}
    assert judged["Dimensions"] == "Worse: smaller"
    assert judged["File size"] == "Fewer bytes, which alone is neither better nor worse"
    assert judged["Format"] == "Equal"


WEB, OTHER = "https://a.example/1", "https://b.example/2"


@pytest.mark.parametrize(
    ("mine", "theirs", "label", "tone", "remark"),
    [
        (("lake", "alps"), ("lake",), "Tags", "better", "1 that the other lacks: alps"),
        (("lake",), ("dusk", "lake"), "Tags", "worse", "without dusk"),
        (("lake",), (), "Tags", "better", "1 that the other lacks: lake"),
        ((), ("dusk",), "Tags", "worse", "without dusk"),
        (("lake",), ("lake",), "Tags", "equal", "equal"),
        (("alps",), ("dusk",), "Tags", "", "1 that the other lacks, 1 that it has besides"),
        (WEB, "", "Source", "better", "the other has none"),
        ("", WEB, "Source", "worse", "the other names one"),
        (WEB, WEB, "Source", "equal", "equal"),
        (WEB, OTHER, "Source", "", "another source"),
    ],
)
def test_words_are_compared_too(mine: Any, theirs: Any, label: str, tone: str, remark: str) -> None:
    words = [
        wording.Words(tags=each) if isinstance(each, tuple) else wording.Words(source=each)
        for each in (mine, theirs)
    ]
    (row,) = (row for row in wording.rows(picture(), picture(), *words) if row.label in {"Tags", "Source"})
    assert (row.label, row.tone, row.remark) == (label, tone, remark)


def test_without_words_there_is_no_line_for_them() -> None:
    rows = wording.rows(picture(), picture(), wording.Words(), wording.Words())
    assert not {"Tags", "Source"} & {row.label for row in rows}


def test_a_long_address_is_cut_short() -> None:
    words = wording.Words(source=f"https://a.example/{'x' * 60}")
    row = next(
        row for row in wording.rows(picture(), picture(), words, wording.Words()) if row.label == "Source"
    )
    assert (row.mine[:12], len(row.mine), row.mine[-1]) == ("a.example/xx", 48, "…")


def test_many_tags_are_cut_short() -> None:
    many = wording.Words(tuple(f"tag{number}" for number in range(11)))
    row = next(
        row for row in wording.rows(picture(), picture(), many, wording.Words()) if row.label == "Tags"
    )
    assert (row.mine[:9], row.mine[-10:], row.theirs) == ("11: tag0,", "and 3 more", "none")


def test_a_lossless_other_is_named() -> None:
    row = next(
        row for row in wording.rows(picture(), picture(format="png", quality=None)) if row.label == "Format"
    )
    assert (row.remark, row.tone) == ("the other is lossless", "worse")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (412_000, "412 kB"),
        (999_600, "1.0 MB"),
        (2_340_000_000, "2.3 GB"),
    ],
)
def test_bytes(size: int, words: str) -> None:
    assert wording.bytes_words(size) == words


def test_what_is_not_known_is_a_dash() -> None:
    unknown = Picture(size_bytes=1)
    assert wording.dimensions(unknown) == wording.format_words(unknown) == wording.day(None) == "–"
    assert wording.format_words(picture(format="gif", quality=None, frames=12)) == "GIF, 12 frames"


@pytest.mark.parametrize("state", ["staged", "analysing", "held", "live", "withdrawn", "expired", "removed"])
def test_every_state_has_an_outcome(state: str) -> None:
    assert outcome_of(picture(state=state)).sentence


@pytest.mark.parametrize("refusal", [*(each.value for each in Refusal), "gave_up", "unheard_of"])
def test_every_refusal_has_its_words(refusal: str) -> None:
    outcome = outcome_of(picture(state="rejected", refusal=refusal))
    assert (outcome.label, outcome.tone) == ("Not taken", "bad")
    assert outcome.sentence.endswith(".")


def test_too_little_detail_is_not_called_nothing_found() -> None:
    sparse = outcome_of(picture(state="live", check_outcome=CheckOutcome.TOO_LITTLE_DETAIL)).sentence
    assert "too little to compare" in sparse
    assert (
        "nothing that looks like it"
        in outcome_of(picture(state="live", check_outcome=CheckOutcome.NONE_FOUND)).sentence
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "judgement"),
    [
        ("Display P3", "sRGB IEC61966-2.1", "Better: room for more colours"),
        ("", "Adobe RGB (1998)", "Worse: room for fewer colours"),
        ("", "sRGB IEC61966-2.1", "Equal"),
        ("sRGB built-in", "sRGB IEC61966-2.1", "Equal"),
        ("Display P3", "Display P3", "Equal"),
        ("Canon something", "sRGB", "Another profile"),
    ],
)
def test_colour_profiles_are_weighed(mine: str, theirs: str, judgement: str) -> None:
    found = wording.rows(picture(colour_profile=mine), picture(colour_profile=theirs))
    assert next(row for row in found if row.label == "Colours").judgement == judgement


@pytest.mark.parametrize(("mine", "theirs"), [(None, "sRGB"), ("sRGB", None), (None, None), ("", "")])
def test_colours_that_nobody_knows_or_names_take_no_line(mine: str | None, theirs: str | None) -> None:
    found = wording.rows(picture(colour_profile=mine), picture(colour_profile=theirs))
    assert "Colours" not in {row.label for row in found}


def test_a_profile_is_called_as_people_know_it() -> None:
    for name, words in (("sRGB IEC61966-2.1", "sRGB"), ("Display P3", "Display P3"), ("", ""), (None, "")):
        assert wording.profile_words(picture(colour_profile=name)) == words
