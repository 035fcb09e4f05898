"""What the processes of the site have counted, added up: the source of the numbers for Prometheus."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tally(models.Model):
    """One measure with one set of labels. ``counts`` are a histogram's, one for each bound and one beyond the last.

    A counter has one count, and nothing in ``total``, which is the sum of what a histogram has seen.
    """

    measure = models.CharField(max_length=64)
    labels = ArrayField(models.CharField(max_length=120), default=list)
    counts = ArrayField(models.BigIntegerField())
    total = models.FloatField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "labels"], name="one_tally_of_a_measure_and_its_labels"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.labels}"
