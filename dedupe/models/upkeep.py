"""When the periodic work was done last, and what it found: for those who watch."""

from __future__ import annotations

from django.db import models


class UpkeepKind(models.TextChoices):
    """What is done by the clock."""

    SWEEP = "sweep", "sweep"
    PATROL = "patrol", "check of the invariants"
    CENSUS = "census", "census"


class Upkeep(models.Model):
    """The last run of each kind. ``findings`` are numbers by name; ``place`` is where a bounded run goes on."""

    kind = models.CharField(max_length=8, choices=UpkeepKind.choices, primary_key=True)
    ended_at = models.DateTimeField()
    seconds = models.FloatField()
    findings = models.JSONField(default=dict)
    place = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "upkeep"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.ended_at:%F %T}"
