"""What the navigation on every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from board.notices import unread_of
from board.pages.queue import MARK
from dedupe.models import Case, Picture, Power, State
from dedupe.models.pictures import PictureQuerySet
from dedupe.permissions import may, may_review


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What this person may open, and how much waits for them. Nothing is counted before a template asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    counts: dict[str, Any] = {
        "questions_waiting": SimpleLazyObject(lambda: waiting_for(user).count()),
        "notices_unread": SimpleLazyObject(unread_of(user).count),
    }
    if may_review(user):
        open_cases = Case.objects.waiting().annotate(mark=MARK).values("mark").distinct()
        counts |= {"is_reviewer": True, "cases_open": SimpleLazyObject(open_cases.count)}
        counts["sees_statistics"] = may(user, Power.SEE_STATISTICS)
        counts["operates"] = user.is_staff and may(user, Power.OPERATE)
    return counts


def waiting_for(user: Any) -> PictureQuerySet:
    """The uploads about which this person is asked, oldest first; those that lie with staff are left out."""
    with_staff = Case.objects.open_proposals()
    held = Picture.objects.filter(owner=user, state=State.HELD)
    return held.exclude(pk__in=with_staff.values("picture")).order_by("held_at", "id")
