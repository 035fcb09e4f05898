"""From candidates to what a person is asked about: thresholds, exact pairs, evidence, and too little detail."""

import json
import math
from typing import Any

import pytest
from PIL import Image, ImageOps

from board.models import User
from dedupe import storage
from dedupe.conf import Matching, conf
from dedupe.imaging import Relation, analyse
from dedupe.models import CheckOutcome, Fingerprint, Match, Picture, Verdict
from dedupe.search import Query, compare_pictures, find_look_alikes, find_nearest, query_of, query_of_analysis
from tests import scenes
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.pictures import encoded, flat

pytestmark = pytest.mark.django_db


def query_for(data: bytes) -> Query:
    return query_of_analysis(analyse(data))


def test_a_copy_is_asked_about_with_its_evidence(live: Picture) -> None:
    (evidence,) = find_look_alikes(query_for(jpeg(scene(), 60)), Matching()).found
    assert (evidence.picture_id, evidence.relation) == (live.pk, Relation.RE_ENCODED)
    assert evidence.same_picture
    assert evidence.confident
    assert {"window", "words"} < set(evidence.routes)
    assert list(evidence.routes) == sorted(evidence.routes)
    assert evidence.distance <= evidence.distances.dct


def test_the_threshold_decides_who_is_asked(live: Picture) -> None:
    query = query_for(jpeg(scene(), 60))
    (evidence,) = find_look_alikes(query, Matching()).found
    assert len(find_look_alikes(query, Matching(ask_probability=evidence.probability)).found) == 1
    above = math.nextafter(evidence.probability, 2)
    assert find_look_alikes(query, Matching(ask_probability=above)).found == ()


def test_the_nearest_are_shown_whoever_would_be_asked(live: Picture) -> None:
    query = query_for(jpeg(scene(), 60))
    assert find_look_alikes(query, Matching(ask_probability=1.1)).found == ()
    nearest = find_nearest(query, Matching(ask_probability=1.1), 5)
    assert [evidence.picture_id for evidence in nearest.found] == [live.pk]
    assert find_nearest(query, Matching(), 0).found == ()


def test_an_icon_is_found_by_its_copy_of_eight_pixels(upload: Upload, bob: User) -> None:
    icons = [scenes.emblem(seed, 32).convert("RGB") for seed in (1, 2, 5, 6)]
    stored = [upload(bob, encoded(icon)) for icon in icons]
    for icon, picture in zip(icons, stored, strict=True):
        tiny = icon.resize((8, 8), Image.Resampling.LANCZOS)
        found = find_look_alikes(query_for(encoded(tiny)), Matching()).found
        assert [each.picture_id for each in found] == [picture.pk]


def test_equal_pixels_in_other_bytes_are_exact(upload: Upload, bob: User) -> None:
    live = upload(bob, encoded(scene()))
    (evidence,) = find_look_alikes(query_for(encoded(scene(), compress_level=1)), Matching()).found
    assert (evidence.picture_id, evidence.relation) == (live.pk, Relation.SAME_PIXELS)
    assert (evidence.probability, evidence.confident) == (1.0, True)
    assert "pixels" in evidence.routes


def test_equal_bytes_are_exact_even_when_no_view_can_be_read(live: Picture) -> None:
    storage.delete_rendition(live.renditions.get(kind="view").key)
    (evidence,) = find_look_alikes(query_for(jpeg(scene(), 92)), Matching()).found
    assert (evidence.relation, evidence.probability) == (Relation.IDENTICAL_BYTES, 1.0)
    assert (evidence.comparison, evidence.geometry()) == (None, {})
    assert set(evidence.numbers()) == {"dct", "phash", "intensity", "aspect"}


def test_exact_pairs_come_first_then_the_likelier(say: Any, live: Picture, held: Picture) -> None:
    say(Verdict.VARIANT)
    found = find_look_alikes(query_for(jpeg(scene(), 60)), Matching()).found
    assert [(each.picture_id, each.relation) for each in found] == [
        (held.pk, Relation.IDENTICAL_BYTES),
        (live.pk, Relation.RE_ENCODED),
    ]


def test_what_lacks_detail_is_exact_or_not_found_and_says_so(upload: Upload, bob: User) -> None:
    white = upload(bob, encoded(flat("white", (320, 240))))
    same = find_look_alikes(query_for(encoded(flat("white", (320, 240)), compress_level=1)), Matching())
    assert same.too_little_detail
    assert [(each.picture_id, each.relation) for each in same.found] == [(white.pk, Relation.SAME_PIXELS)]
    other = find_look_alikes(query_for(encoded(flat("#fefefe", (320, 240)))), Matching())
    assert (other.found, other.too_little_detail) == ((), True)


def test_a_crop_is_found_by_words_alone_and_does_not_claim_the_same_picture(live: Picture) -> None:
    (evidence,) = find_look_alikes(query_for(encoded(scene().crop((50, 40, 290, 220)))), Matching()).found
    assert evidence.relation is Relation.CROPPED
    assert evidence.routes == ("words",)
    assert not evidence.confident
    assert evidence.distance == evidence.distances.dct


@pytest.mark.parametrize("off", ["hash_route", "window_route", "words_route"])
def test_no_single_route_is_needed_for_a_copy(live: Picture, off: str) -> None:
    assert find_look_alikes(query_for(jpeg(scene(), 60)), Matching(**{off: False})).found


def test_only_so_many_are_compared(live: Picture, held: Picture) -> None:
    assert find_look_alikes(query_for(jpeg(scene(), 70)), Matching(verified_candidates=0)).found == ()


class TestEvidence:
    """What is kept with a match."""

    @pytest.fixture
    def mirrored(self, upload: Upload, alice: User, bob: User) -> Match:
        upload(bob, jpeg(scenes.photograph(), 90))
        framed = ImageOps.expand(ImageOps.mirror(scenes.photograph()), 40, "black")
        return Match.objects.get(query=upload(alice, jpeg(framed)))

    def test_it_is_plain_numbers_that_say_what_was_measured(self, mirrored: Match) -> None:
        assert mirrored.relation == Relation.MIRRORED
        evidence = mirrored.evidence
        assert {"dct", "phash", "luma", "edges", "changed", "places", "theirs_covered", "mine_covered"} < set(
            evidence
        )
        assert all(isinstance(value, float) and math.isfinite(value) for value in evidence.values())
        assert evidence["theirs_covered"] == pytest.approx(1, abs=0.02)
        assert evidence["mine_covered"] == pytest.approx(640 * 480 / (720 * 560), abs=0.02)
        json.dumps(evidence, allow_nan=False)

    def test_it_says_which_part_of_which_picture_it_is(self, mirrored: Match) -> None:
        geometry = mirrored.geometry
        assert geometry["mirrored"] is True
        assert geometry["views"] == ["view", "view"]
        assert geometry["method"] == "features"
        assert abs(geometry["turned"]) < 1
        assert geometry["scale"] == pytest.approx(720 / 640, abs=0.02)
        assert geometry["beyond"] == ["nothing", "plain"]
        assert len(geometry["matrix"]) == 6
        json.dumps(geometry, allow_nan=False)

    def test_the_match_keeps_routes_versions_and_probability(self, held: Picture, match: Match) -> None:
        assert {"window", "words"} < set(match.routes)
        assert match.settings_version == conf().matching.version
        assert match.probability > 0.95
        assert held.check_outcome == CheckOutcome.MATCHES


def test_two_stored_pictures_are_compared_on_demand(held: Picture, live: Picture) -> None:
    evidence = compare_pictures(held, live, Matching())
    assert evidence is not None
    assert evidence.relation is Relation.RE_ENCODED
    assert evidence.routes == ()


def test_pictures_without_fingerprints_cannot_be_compared(live: Picture, held: Picture) -> None:
    Fingerprint.objects.filter(picture=live).delete()
    assert compare_pictures(held, live, Matching()) is None
    assert query_of(live) is None


def test_an_embedder_that_cannot_be_asked_is_named(settings: Any, live: Picture, held: Picture) -> None:
    settings.DEDUPE = {"embedders": [{"class": "no.Such"}]}
    query = query_of(held)
    assert query is not None
    found = find_look_alikes(query, Matching())
    assert len(found.found) == 1
    assert found.not_searched == ("embedding:no.Such",)
