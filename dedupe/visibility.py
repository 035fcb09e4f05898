"""What a viewer may see of a picture's fate and of what hangs on it; pictures: ``Picture.objects.visible_to``.

Pages and the API ask here and have no rules of their own. What is not shown is not counted either.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dedupe.models import Decision, LedgerEntry, Match, Picture, State, Verdict
from dedupe.models.decisions import DecisionQuerySet
from dedupe.models.matches import MatchQuerySet
from dedupe.models.pictures import PictureQuerySet
from dedupe.permissions import may_look_inside, may_review

_TAKEN_DOWN = {State.WITHDRAWN, State.REMOVED}


class Sight(Enum):
    """What a viewer finds at the address of a picture."""

    PUBLISHED = auto()
    """The picture, as everybody sees it."""
    INSIDE = auto()
    """The picture, though it is not published: only its uploader and reviewers."""
    LEADS_ON = auto()
    """Another, published picture that stands for it."""
    GONE = auto()
    """A word that it was here and is not any more."""
    NOTHING = auto()
    """The same as at an address that never was."""


def may_see(viewer: Any, picture: Picture) -> bool:
    """Whether a picture is among those ``visible_to`` this person, or visitor, without asking the database for it."""
    return picture.state == State.LIVE or may_look_inside(viewer, picture)


def sight_of(viewer: Any, picture: Picture) -> Sight:
    """What this person, or visitor, finds at the address of a picture. Reads ``duplicate_of``."""
    if picture.state == State.LIVE:
        return Sight.PUBLISHED
    canonical = picture.duplicate_of
    if canonical is not None and canonical.state == State.LIVE:
        return Sight.LEADS_ON
    insider = may_look_inside(viewer, picture)
    if picture.state in _TAKEN_DOWN:
        was_known = picture.published_at is not None or canonical is not None
        return Sight.GONE if was_known or insider else Sight.NOTHING
    return Sight.INSIDE if insider else Sight.NOTHING


def redirects_to(picture: Picture, viewer: Any) -> QuerySet[Picture]:
    """The old addresses that lead to a picture and that this viewer may know of.

    Everybody may know of pictures that were published once. That somebody tried to upload a copy is known to them and
    to reviewers.
    """
    known = Q(published_at__isnull=False) | Q(pk__in=Picture.objects.open_to(viewer).values("pk"))
    return picture.redirects_here.filter(known)


def variants_of(picture: Picture) -> PictureQuerySet:
    """The published pictures that people called variants of this one."""
    pairs = (
        Match.objects.about(picture).filter(verdict=Verdict.VARIANT).values_list("query_id", "candidate_id")
    )
    others = {pk for pair in pairs for pk in pair} - {picture.pk}
    return Picture.objects.live().filter(pk__in=others).order_by("id")


def matches_shown(picture: Picture) -> MatchQuerySet:
    """The look-alikes of an upload that its uploader may see: those that are published now."""
    theirs = Q(query=picture, candidate__state=State.LIVE) | Q(candidate=picture, query__state=State.LIVE)
    return Match.objects.filter(theirs)


def may_see_match(viewer: Any, match: Match) -> bool:
    """Whether the comparison of two pictures is shown to this person: reviewers, and the uploader who is asked."""
    asked = [
        each
        for each in (match.query, match.candidate)
        if each.state == State.HELD and each.is_owned_by(viewer)
    ]
    if any(Match.objects.open_for(each).filter(pk=match.pk).exists() for each in asked):
        return True
    return may_review(viewer)


def decisions_known_to(viewer: Any) -> DecisionQuerySet:
    """What this person has decided, and what was decided about their pictures; everything for reviewers."""
    if may_review(viewer):
        return Decision.objects.all()
    by_them = Decision.objects.filter(actor=viewer).values("pk")
    about_theirs = Decision.objects.filter(picture__owner=viewer).values("pk")
    # Two indexes, one each: an OR over both columns would read every decision of the site.
    return Decision.objects.filter(pk__in=by_them.union(about_theirs))


def may_know_of(viewer: Any, decision: Decision) -> bool:
    """Whether this decision is among ``decisions_known_to`` this person."""
    return decision.actor_id == viewer.pk or may_look_inside(viewer, decision.picture)


def may_know_who(viewer: Any, decision: Decision) -> bool:
    """Whether this person is told the name of who decided: reviewers are, others only that it was themselves."""
    return decision.actor_id is not None and (decision.actor_id == viewer.pk or may_review(viewer))


def history_of(picture: Picture, viewer: Any) -> DecisionQuerySet:
    """What was decided about a picture, for an insider: of pairs, a reviewer sees what was said of either side.

    Its uploader sees a decision about somebody else's upload only if it changed their own picture.
    """
    about_it, about_a_pair = Q(picture=picture), Q(match__in=Match.objects.about(picture))
    if not may_review(viewer):
        changes = LedgerEntry.objects.filter(model=Picture._meta.label_lower, row=picture.pk)
        about_a_pair &= Q(Exists(changes.filter(decision=OuterRef("pk"))))
    return Decision.objects.filter(about_it | about_a_pair)
