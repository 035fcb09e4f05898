"""The review queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dedupe.models.pictures import State
from dedupe.models.powers import CASE_POWERS


class CaseKind(models.TextChoices):
    """Why staff should look."""

    OVERRIDE = "override", _("Override of a sure match")
    PROPOSAL = "proposal", _("Better copy proposed")
    REPORT = "report", _("Reported")
    FIND = "find", _("Found in the library")
    EXPIRING = "expiring", _("About to expire")
    SAMPLE = "sample", _("Blind sample")


MACHINE_KINDS = (CaseKind.FIND, CaseKind.EXPIRING, CaseKind.SAMPLE)
"""Kinds that nobody opened: a search through all pictures, the clock, and chance."""


class CaseState(models.TextChoices):
    """Open cases wait for staff; closed ones say how they ended: DECIDED where no answer was judged."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    REVERSED = "reversed", _("reversed")
    DECIDED = "decided", _("decided")
    OBSOLETE = "obsolete", _("no longer needed")


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, by what they wait for."""

    def open_proposals(self) -> CaseQuerySet:
        """Better copies that staff have not answered: their uploads wait, and nobody is asked meanwhile."""
        return self.filter(kind=CaseKind.PROPOSAL, state=CaseState.OPEN)

    def waiting(self) -> CaseQuerySet:
        """Open cases that somebody can decide about.

        A find whose pictures are not both published, and a question that was answered meanwhile, are left out; an
        undo brings them back.
        """
        apart = ~Q(match__query__state=State.LIVE) | ~Q(match__candidate__state=State.LIVE)
        answered = ~Q(picture__state=State.HELD) | ~Q(match__verdict="")
        return (
            self.filter(state=CaseState.OPEN)
            .exclude(Q(kind=CaseKind.FIND) & apart)
            .exclude(Q(kind=CaseKind.EXPIRING) & answered)
        )

    def clustering(self) -> CaseQuerySet:
        """Waiting cases about pairs that may hang together. A blind sample stands alone: nothing follows from it."""
        return self.waiting().filter(match__isnull=False).exclude(kind=CaseKind.SAMPLE)


class Case(models.Model):
    """One thing for staff to look at: a picture, mostly against another one."""

    kind = models.CharField(max_length=8, choices=CaseKind.choices)
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    picture = models.ForeignKey("dedupe.Picture", models.PROTECT, related_name="cases")
    match = models.ForeignKey("dedupe.Match", models.PROTECT, null=True, related_name="cases")
    cause = models.ForeignKey("dedupe.Decision", models.PROTECT, null=True, related_name="opened_cases")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="opened_cases"
    )
    reason = models.CharField(max_length=500, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claimed_cases"
    )
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    cluster = models.BigIntegerField(null=True)
    """What open cases share whose pictures hang together; none stands alone. Kept by ``workflow.clusters``."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        permissions = CASE_POWERS
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report") | Q(match__isnull=False), name="only_reports_may_lack_a_match"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["find", "expiring", "sample"], opened_by__isnull=True)
                | (~Q(kind__in=["find", "expiring", "sample"]) & Q(opened_by__isnull=False)),
                name="every_case_of_a_person_names_them",
            ),
            models.UniqueConstraint(
                fields=["kind", "match"],
                condition=Q(state="open", opened_by__isnull=True),
                name="one_open_case_per_match_and_machine",
            ),
            models.UniqueConstraint(
                fields=["kind", "match", "opened_by"],
                condition=Q(state="open", match__isnull=False),
                name="one_open_case_per_match_and_person",
            ),
            models.UniqueConstraint(
                fields=["picture", "opened_by"],
                condition=Q(state="open", match__isnull=True),
                name="one_open_report_per_picture_and_person",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], condition=Q(state="open"), name="open_cases"),
            models.Index(fields=["cluster"], condition=Q(state="open"), name="open_clusters"),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}: {self.get_kind_display()}"

    def is_claimed_by_another(self, user: object) -> bool:
        """Whether somebody else holds a claim that has not lapsed."""
        if self.claimed_by_id is None or self.claimed_until is None:
            return False
        return self.claimed_until > timezone.now() and self.claimed_by_id != getattr(user, "pk", None)
