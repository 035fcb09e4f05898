"""The measure of success, counted from decisions."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Decision, Match, Picture, Verdict
from dedupe.statistics import gather
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
