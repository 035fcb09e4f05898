"""The review queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dedupe.models.powers import CASE_POWERS


class CaseKind(models.TextChoices):
    """Why staff should look."""

    OVERRIDE = "override", "Override of a sure match"
    PROPOSAL = "proposal", "Better copy proposed"
    REPORT = "report", "Reported"


class CaseState(models.TextChoices):
    """Open cases wait for staff; closed ones say how they ended."""

    OPEN = "open", "open"
    UPHELD = "upheld", "upheld"
    REVERSED = "reversed", "reversed"
    OBSOLETE = "obsolete", "no longer needed"


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, by what they wait for."""

    def open_proposals(self) -> CaseQuerySet:
        """Better copies that staff have not answered: their uploads wait, and nobody is asked meanwhile."""
        return self.filter(kind=CaseKind.PROPOSAL, state=CaseState.OPEN)


class Case(models.Model):
    """One thing for staff to look at: a picture, mostly against another one."""

    kind = models.CharField(max_length=8, choices=CaseKind.choices)
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    picture = models.ForeignKey("dedupe.Picture", models.PROTECT, related_name="cases")
    match = models.ForeignKey("dedupe.Match", models.PROTECT, null=True, related_name="cases")
    cause = models.ForeignKey("dedupe.Decision", models.PROTECT, null=True, related_name="opened_cases")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="opened_cases")
    reason = models.CharField(max_length=500, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claimed_cases"
    )
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        permissions = CASE_POWERS
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report") | Q(match__isnull=False), name="only_reports_may_lack_a_match"
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
        indexes = [models.Index(fields=["created_at", "id"], condition=Q(state="open"), name="open_cases")]

    def __str__(self) -> str:
        return f"Case {self.pk}: {self.get_kind_display()}"

    def is_claimed_by_another(self, user: object) -> bool:
        """Whether somebody else holds a claim that has not lapsed."""
        if self.claimed_by_id is None or self.claimed_until is None:
            return False
        return self.claimed_until > timezone.now() and self.claimed_by_id != getattr(user, "pk", None)
