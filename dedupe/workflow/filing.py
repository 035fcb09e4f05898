"""Cases that nobody opens: finds in the library, questions about to expire, blind samples.

Each is filed at most once while it is open; the database refuses a second one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from dedupe.conf import conf
from dedupe.models import (
    Case,
    CaseKind,
    CaseState,
    Decision,
    DecisionKind,
    Match,
    Picture,
    Role,
    State,
    Verdict,
)
from dedupe.models.decisions import DecisionQuerySet
from dedupe.signals import case_opened
from dedupe.workflow.clusters import join_cluster

_AT_ONCE = 500
SETTLED_AFTER = timedelta(minutes=15)
"""An answer is sampled when its uploader has had so long to undo it."""
SAMPLED_WITHIN = timedelta(days=1)
"""Older answers are not looked at: a sweep that was out for longer leaves the sample a little smaller."""


def file_case(
    kind: CaseKind, picture: Picture, match: Match, reason: str = "", cause: Decision | None = None
) -> Case | None:
    """Put a pair into the queue in nobody's name; None when it stands there already."""
    try:
        with transaction.atomic():
            case = Case.objects.create(kind=kind, picture=picture, match=match, reason=reason, cause=cause)
            join_cluster(case)
            case_opened.send(Case, case=case)
            return case
    except IntegrityError:
        return None


def file_expiring() -> int:
    """Put questions to staff that stayed open for most of their time: the likeliest look-alike of each upload."""
    waiting = conf().deadlines.answer_days * conf().reviewing.expiring_share
    since = timezone.now() - timedelta(days=waiting)
    with_staff = Case.objects.filter(kind__in=[CaseKind.PROPOSAL, CaseKind.EXPIRING], state=CaseState.OPEN)
    held = Picture.objects.filter(state=State.HELD, state_since__lt=since).exclude(
        pk__in=with_staff.values("picture")
    )
    return sum(_file_question(upload) for upload in held.order_by("state_since")[:_AT_ONCE])


def _file_question(upload: Picture) -> bool:
    match = Match.objects.open_for(upload).first()
    return match is not None and file_case(CaseKind.EXPIRING, upload, match) is not None


def close_answered() -> int:
    """Close the cases of questions that were answered, taken back or expired meanwhile."""
    over = ~Q(picture__state=State.HELD) | ~Q(match__verdict="")
    answered = Case.objects.filter(over, kind=CaseKind.EXPIRING, state=CaseState.OPEN)
    return Case.objects.filter(pk__in=answered.values("pk"), state=CaseState.OPEN).update(
        state=CaseState.OBSOLETE, closed_at=timezone.now()
    )


def file_samples() -> int:
    """Give staff a small share of the answers that a sure match is the same picture, to be judged blind."""
    if not conf().reviewing.sample_share:
        return 0
    answers = _confirmed_since(timezone.now() - SAMPLED_WITHIN)[:_AT_ONCE]
    return sum(_file_sample(answer) for answer in answers if is_drawn(answer.picture))


def _confirmed_since(since: datetime) -> DecisionQuerySet:
    sampled = Case.objects.filter(kind=CaseKind.SAMPLE).values("match")
    return (
        Decision.objects.standing()
        .filter(
            kind=DecisionKind.ANSWER,
            role=Role.UPLOADER,
            verdict=Verdict.SAME,
            match__confident=True,
            match__verdict=Verdict.SAME,
            created_at__range=(since, timezone.now() - SETTLED_AFTER),
        )
        .exclude(match__in=sampled)
        .select_related("picture", "match")
        .order_by("-id")
    )


def is_drawn(picture: Picture) -> bool:
    """Whether chance has drawn this upload: its random name decides, so that every look gives the same answer."""
    number = int.from_bytes(sha256(picture.public_id.encode()).digest()[:8])
    return number < conf().reviewing.sample_share * 2**64


def _file_sample(answer: Decision) -> bool:
    assert answer.match is not None
    return file_case(CaseKind.SAMPLE, answer.picture, answer.match, cause=answer) is not None
