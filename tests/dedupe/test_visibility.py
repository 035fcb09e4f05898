"""What a viewer may see of a picture's fate and of what hangs on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from board.models import User
from board.roles import SiteRole
from dedupe import workflow
from dedupe.models import Case, Match, Picture, State, Verdict
from dedupe.visibility import (
    Sight,
    decisions_known_to,
    history_of,
    matches_shown,
    may_know_of,
    may_know_who,
    may_see,
    may_see_match,
    redirects_to,
    sight_of,
    variants_of,
)
from tests.people import person

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def rita(db: None) -> User:
    return person("rita", SiteRole.REVIEWER)


def test_pictures_are_visible_to_their_owner_and_reviewers_and_live_ones_to_all(
    live: Picture, held: Picture, alice: User, bob: User, rita: User
) -> None:
    for viewer, sees in ((VISITOR, {live}), (None, {live}), (bob, {live}), (alice, {live, held})):
        assert set(Picture.objects.visible_to(viewer)) == sees
        assert {each for each in (live, held) if may_see(viewer, each)} == sees
    assert set(Picture.objects.visible_to(rita)) == {live, held}
    for viewer, inside in (
        (VISITOR, set()),
        (None, set()),
        (bob, {live}),
        (alice, {held}),
        (rita, {live, held}),
    ):
        assert set(Picture.objects.open_to(viewer)) == inside


@pytest.mark.parametrize(
    ("change", "outside", "inside"),
    [
        ({}, Sight.NOTHING, Sight.INSIDE),
        ({"state": State.LIVE, "published_at": timezone.now()}, Sight.PUBLISHED, Sight.PUBLISHED),
        ({"state": State.REJECTED, "refusal": "broken"}, Sight.NOTHING, Sight.INSIDE),
        ({"state": State.EXPIRED}, Sight.NOTHING, Sight.INSIDE),
        ({"state": State.WITHDRAWN}, Sight.NOTHING, Sight.GONE),
        ({"state": State.REMOVED}, Sight.NOTHING, Sight.GONE),
        ({"state": State.REMOVED, "published_at": timezone.now()}, Sight.GONE, Sight.GONE),
    ],
    ids=lambda value: value.get("state", "held") if isinstance(value, dict) else value.name,
)
def test_what_is_found_at_an_address(
    held: Picture, alice: User, bob: User, rita: User, change: dict[str, Any], outside: Sight, inside: Sight
) -> None:
    Picture.objects.filter(pk=held.pk).update(checksum="0" * 64, **change)
    picture = Picture.objects.get(pk=held.pk)
    assert sight_of(VISITOR, picture) is sight_of(bob, picture) is outside
    assert sight_of(alice, picture) is sight_of(rita, picture) is inside


@pytest.mark.hostile("I3")
def test_an_old_address_leads_on_for_everybody_until_its_end_has_gone(
    say: Any, held: Picture, live: Picture, bob: User, alice: User
) -> None:
    say(Verdict.SAME)
    assert sight_of(VISITOR, Picture.objects.get(pk=held.pk)) is Sight.LEADS_ON
    workflow.withdraw(bob, live)
    assert sight_of(VISITOR, Picture.objects.get(pk=held.pk)) is Sight.GONE


@pytest.mark.hostile("input 18")
def test_that_somebody_tried_to_upload_a_copy_is_not_told_to_others(
    say: Any, held: Picture, live: Picture, alice: User, bob: User, rita: User
) -> None:
    say(Verdict.SAME)
    for viewer, known in ((VISITOR, []), (bob, []), (alice, [held]), (rita, [held])):
        assert list(redirects_to(live, viewer)) == known
    Picture.objects.filter(pk=held.pk).update(published_at=timezone.now())
    assert list(redirects_to(live, VISITOR)) == [held], "what was published once is known"


@pytest.mark.hostile("input 18")
def test_variants_and_matches_are_of_published_pictures_alone(
    say: Any, held: Picture, live: Picture, bob: User
) -> None:
    assert list(matches_shown(held)) == list(Match.objects.all())
    assert not matches_shown(live).exists(), "a question about another's upload is not the owner's business"
    say(Verdict.VARIANT)
    assert list(variants_of(live)) == [held]
    workflow.withdraw(bob, live)
    assert list(variants_of(held)) == []
    assert not matches_shown(held).exists()


def test_a_comparison_is_for_who_is_asked_and_reviewers(
    say: Any, match: Match, alice: User, bob: User, rita: User
) -> None:
    seen = [may_see_match(each, match) for each in (VISITOR, bob, alice, rita)]
    assert seen == [False, False, True, True]
    say(Verdict.VARIANT)
    match = Match.objects.get()
    assert [may_see_match(each, match) for each in (VISITOR, bob, alice, rita)] == [False, False, False, True]


def test_decisions_are_known_to_who_made_them_and_whose_picture_they_are_about(
    say: Any, held: Picture, alice: User, bob: User, mod: User, rita: User
) -> None:
    own = say(Verdict.DIFFERENT, "another day")
    ruling = workflow.close_case(mod, Case.objects.get(), uphold=True)
    assert list(decisions_known_to(alice).order_by("pk")) == [own, ruling]
    assert list(decisions_known_to(rita).order_by("pk")) == [own, ruling]
    assert list(decisions_known_to(bob)) == []
    for viewer in (alice, bob, mod, rita):
        known = set(decisions_known_to(viewer))
        assert {each for each in (own, ruling) if may_know_of(viewer, each)} == known
    assert [may_know_who(each, ruling) for each in (alice, mod, rita)] == [False, True, True]


def test_the_history_of_a_picture_tells_its_owner_of_others_only_what_changed_it(
    say: Any, held: Picture, live: Picture, alice: User, bob: User, mod: User
) -> None:
    said = say(Verdict.BETTER)
    assert list(history_of(live, bob)) == []
    assert list(history_of(live, mod)) == [said]
    swap = workflow.close_case(mod, Case.objects.get(), uphold=True)
    assert list(history_of(live, bob)) == [swap]
    assert set(history_of(held, alice)) == {said, swap}
