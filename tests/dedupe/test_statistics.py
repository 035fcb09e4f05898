"""The measure of success, counted from decisions."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.models import Case, Decision, Match, Picture, Verdict
from dedupe.statistics import Confirmed, confirmed, gather
from tests.dedupe.conftest import Upload, jpeg, scene

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


def test_an_empty_board_has_no_shares() -> None:
    found = gather()
    assert (found.uploads, found.tally.asked, found.tally.precision, found.median_seconds) == (
        0,
        0,
        None,
        None,
    )


def test_an_open_question_counts_as_asked_and_unanswered(held: Picture) -> None:
    found = gather()
    assert (found.uploads, found.uploads_asked) == (2, 1)
    assert (found.tally.asked, found.tally.unanswered, found.tally.answered) == (1, 1, 0)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_answer_is_counted_in_its_band(say: Say, match: Match, verdict: Verdict) -> None:
    say(verdict)
    found = gather()
    assert getattr(found.tally, verdict.value) == 1
    (band,) = [band for band in found.bands if band.tally.asked]
    assert match.distance is not None
    assert band.low <= match.distance <= band.high
    assert found.tally.precision == (1.0 if verdict in {Verdict.SAME, Verdict.BETTER} else 0.0)


def test_bytes_are_saved_by_redirects_and_not_by_undone_ones(say: Say, held: Picture, mod: User) -> None:
    decision = say(Verdict.SAME)
    assert gather().bytes_saved == held.size_bytes
    assert gather().median_seconds is not None
    workflow.undo_decision(mod, decision)
    assert (gather().bytes_saved, gather().tally.unanswered) == (0, 1)


def test_an_override_that_staff_turned_round_is_counted_as_reversed(say: Say, mod: User) -> None:
    say(Verdict.DIFFERENT)
    assert gather().tally.reversed_ == 0
    workflow.close_case(mod, Case.objects.get(), uphold=False)
    assert gather().tally.reversed_ == 1


def test_an_answer_that_staff_undid_is_counted_as_reversed(say: Say, mod: User) -> None:
    workflow.undo_decision(mod, say(Verdict.SAME))
    assert gather().tally.reversed_ == 1


def test_identical_bytes_are_counted_apart_from_questions(upload: Upload, alice: User, live: Picture) -> None:
    upload(alice, jpeg(scene(), 92))
    found = gather()
    assert (found.identical, found.uploads_asked, found.tally.asked) == (1, 0, 0)


def test_a_period_leaves_out_what_was_before(say: Say) -> None:
    say(Verdict.SAME)
    assert gather(timezone.now() - timedelta(days=1)).tally.same == 1
    later = gather(timezone.now() + timedelta(days=1))
    assert (later.uploads, later.tally.asked, later.bytes_saved, later.tally.reversed_) == (0, 0, 0, 0)


def test_bands_cover_every_distance_once() -> None:
    bands = gather().bands
    assert (bands[0].low, bands[-1].high) == (0, 256)
    assert all(left.high + 1 == right.low for left, right in pairwise(bands))
    assert (bands[0].label, bands[1].label) == ("0", "1–8")


def test_a_pair_that_was_only_reported_was_not_asked_about(
    upload: Upload, alice: User, live: Picture
) -> None:
    workflow.report_picture(alice, upload(alice, jpeg(scene(seed=3))), "a repost", live)
    assert Match.objects.count() == 1
    assert gather().tally.asked == 0


@pytest.fixture
def nothing_cached() -> None:
    cache.clear()


def said_of(match: Match) -> Confirmed:
    cache.clear()
    return confirmed(Relation(match.relation), match.probability, Matching())


@pytest.mark.usefixtures("nothing_cached")
@pytest.mark.parametrize(
    ("verdict", "right"),
    [(Verdict.SAME, 1), (Verdict.BETTER, 1), (Verdict.VARIANT, 0), (Verdict.DIFFERENT, 0)],
)
def test_a_match_that_claims_one_picture_is_confirmed_as_such(
    say: Say, match: Match, verdict: Verdict, right: int
) -> None:
    assert Relation(match.relation).same_picture
    assert said_of(match) == Confirmed(0, 0)
    say(verdict)
    assert said_of(match) == Confirmed(right, 1)


def test_a_variant_confirms_what_claims_no_more(say: Say, match: Match) -> None:
    Match.objects.update(relation=Relation.CROPPED)
    match.refresh_from_db()
    say(Verdict.VARIANT)
    assert said_of(match) == Confirmed(1, 1)


def test_only_matches_of_the_kind_count(say: Say, match: Match) -> None:
    say(Verdict.SAME)
    assert match.probability >= Matching().confident_probability
    assert confirmed(Relation.MIRRORED, match.probability, Matching()) == Confirmed(0, 0)
    assert confirmed(Relation(match.relation), 0.6, Matching()) == Confirmed(0, 0)


def test_what_was_undone_or_turned_round_does_not_confirm(say: Say, match: Match, mod: User) -> None:
    workflow.undo_decision(mod, say(Verdict.SAME))
    assert said_of(match) == Confirmed(0, 0)
    say(Verdict.DIFFERENT)
    workflow.close_case(mod, Case.objects.get(), uphold=False)
    assert said_of(match) == Confirmed(1, 1), "the verdict that stands"


def test_machines_confirm_nothing(upload: Upload, live: Picture, alice: User) -> None:
    upload(alice, jpeg(scene(), 92))
    assert said_of(Match.objects.get()) == Confirmed(0, 0)


@pytest.mark.usefixtures("nothing_cached")
def test_the_count_is_kept_for_a_while(
    say: Say, match: Match, django_assert_num_queries: Callable[..., Any]
) -> None:
    kind = Relation(match.relation), match.probability, Matching()
    with django_assert_num_queries(1):
        assert confirmed(*kind) == Confirmed(0, 0)
    say(Verdict.SAME)
    with django_assert_num_queries(0):
        assert confirmed(*kind) == Confirmed(0, 0)
