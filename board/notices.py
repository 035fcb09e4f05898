"""Who is told of a decision: whoever it touches, once, in its own transaction, unless they made it themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from board.models import Notice, User
from dedupe.models import Case, CaseKind, Decision, DecisionKind, Picture, Role
from dedupe.signals import case_closed, picture_moved, picture_superseded


@receiver(post_save, sender=Decision)
def tell_of_decision(instance: Decision, created: bool, raw: bool = False, **_: object) -> None:
    """Tell the uploader of the picture that somebody else has decided about."""
    is_blind = instance.case is not None and instance.case.kind == CaseKind.SAMPLE
    if created and not raw and not is_blind:
        tell(instance, instance.picture, instance.picture.owner_id)


@receiver(picture_moved, sender=Picture)
def tell_of_move(picture: Picture, decision: Decision | None, **_: object) -> None:
    """Tell the uploader of a further picture that the decision moved: the older one, mostly."""
    if decision is not None:
        tell(decision, picture, picture.owner_id)


@receiver(picture_superseded, sender=Picture)
def tell_of_better_copy(old: Picture, new: Picture, decision: Decision, **_: object) -> None:
    """Tell both uploaders that a better copy was accepted."""
    for picture in (old, new):
        tell(decision, picture, picture.owner_id)


@receiver(case_closed, sender=Case)
def tell_of_answer(case: Case, **_: object) -> None:
    """Tell whoever reported a picture what became of it."""
    decision = case.decisions.filter(kind=DecisionKind.REVIEW).order_by("-id").first()
    if decision is not None and case.kind == CaseKind.REPORT:
        tell(decision, case.picture, case.opened_by_id)


def tell(decision: Decision, picture: Picture, person: int | None) -> None:
    """Write one notice of this decision for a person, about the first of their pictures that it touches.

    Nobody is told of what they did themselves, nor of what the machine did while they looked on.
    """
    if person is None or person == decision.actor_id or decision.role == Role.MACHINE:
        return
    if not Notice.objects.filter(person=person, decision=decision).exists():
        # Of two writers of one notice, the second writes none: the row is unique.
        Notice.objects.bulk_create(
            [Notice(person_id=person, picture=picture, decision=decision)], ignore_conflicts=True
        )


def unread_of(person: Any) -> QuerySet[Notice]:
    """What this person has not been shown yet."""
    return Notice.objects.filter(person=person, read_at__isnull=True)


def mark_read(person: User, notices: QuerySet[Notice]) -> int:
    """Note that a person has seen these of their notices; how many of them were new."""
    return notices.filter(person=person, read_at__isnull=True).update(read_at=timezone.now())
