"""Decisions and the ledger of what they changed. Both are append-only; a trigger in the database refuses more."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dedupe.models.powers import DECISION_POWERS


class Verdict(models.TextChoices):
    """What a person says of an upload and the picture that it looks like."""

    SAME = "same", _("the same picture")
    BETTER = "better", _("a better copy")
    VARIANT = "variant", _("a variant")
    DIFFERENT = "different", _("a different picture")


class Role(models.TextChoices):
    """In which part an actor decided."""

    UPLOADER = "uploader"
    STAFF = "staff"
    MACHINE = "machine"


class DecisionKind(models.TextChoices):
    """What sort of act it was."""

    ANSWER = "answer", _("answered the question")
    REVIEW = "review", _("closed a case")
    WITHDRAWAL = "withdrawal", _("took the upload back")
    UNDO = "undo", _("undid a decision")
    BLOCK = "block", _("stopped matching")
    UNBLOCK = "unblock", _("let it match again")
    SPLIT = "split", _("split a picture off")
    EDIT = "edit", _("changed the words")


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions, by whether they stand."""

    def standing(self) -> DecisionQuerySet:
        """Decisions that nobody undid, and those whose undo was undone in turn: once or twice, as one query counts."""
        stands = Q(undone_by__isnull=True)
        for undos in (2, 4):
            last = "__".join(["undone_by"] * undos)
            stands |= Q(**{f"{last}__isnull": False, f"{last}__undone_by__isnull": True})
        return self.filter(stands)

    def made_with(self, decision: Decision) -> DecisionQuerySet:
        """All decisions of the act that this one belongs to, itself among them."""
        first = decision.part_of_id or decision.pk
        return self.filter(Q(pk=first) | Q(part_of=first))


class Decision(models.Model):
    """One act of one actor. What it changed stands in its ledger; an undo is a further decision."""

    kind = models.CharField(max_length=10, choices=DecisionKind.choices)
    picture = models.ForeignKey("dedupe.Picture", models.PROTECT, related_name="decisions")
    match = models.ForeignKey("dedupe.Match", models.PROTECT, null=True, related_name="decisions")
    case = models.ForeignKey("dedupe.Case", models.PROTECT, null=True, related_name="decisions")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="picture_decisions"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    verdict = models.CharField(max_length=9, choices=Verdict.choices, blank=True)
    upheld = models.BooleanField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    """The first of several decisions that were one act, as about a cluster; none for that one itself."""
    seconds_to_decide = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = DECISION_POWERS
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="an_undo_names_what_it_undoes",
            ),
            models.CheckConstraint(
                condition=~Q(kind="answer") | (Q(match__isnull=False) & ~Q(verdict="")),
                name="an_answer_is_a_verdict_on_a_match",
            ),
            models.CheckConstraint(
                condition=Q(role="machine", actor__isnull=True)
                | (~Q(role="machine") & Q(actor__isnull=False)),
                name="every_decision_of_a_person_names_them",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="decisions_by_time"),
            models.Index(fields=["part_of"], condition=Q(part_of__isnull=False), name="parts_of_acts"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.verdict}".strip()

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "undone_by")

    @property
    def stands(self) -> bool:
        """Whether what it decided holds: nobody undid it, or its undo does not hold either."""
        return not (self.is_undone and self.undone_by.stands)


class OnDrift(models.TextChoices):
    """What an undo does when a later act changed the same field."""

    CONFLICT = "conflict"
    OVERWRITE = "overwrite"
    SKIP = "skip"


class LedgerEntry(models.Model):
    """One field of one row that a decision changed, with the value before and after, so that undo is exact."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="ledger")
    model = models.CharField(max_length=60)
    row = models.BigIntegerField()
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    on_drift = models.CharField(max_length=9, choices=OnDrift.choices, default=OnDrift.CONFLICT)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["id"]
        indexes = [models.Index(fields=["row", "model"], name="what_happened_to_a_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {self.field}"
