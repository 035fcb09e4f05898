"""Matches: verified pairs with their evidence."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from dedupe.imaging import Geometry, Relation, geometry_from_json
from dedupe.models.decisions import Verdict
from dedupe.models.pictures import Picture, State
from dedupe.models.relations import RELATIONS


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches, by their pictures and by what was said of them."""

    def about(self, picture: Picture) -> MatchQuerySet:
        """Matches with this picture on either side."""
        return self.filter(Q(query=picture) | Q(candidate=picture))

    def of_pair(self, first: int, second: int) -> MatchQuerySet:
        """The match of two pictures, whichever was the query: one row or none."""
        return self.filter(Q(query=first, candidate=second) | Q(query=second, candidate=first))

    def keep(self, match: Match) -> Match:
        """Write the match of a pair down; where somebody wrote one down at the same moment, theirs stands."""
        try:
            with transaction.atomic():
                match.save()
        except IntegrityError:
            return self.of_pair(match.query_id, match.candidate_id).get()
        return match

    def open_for(self, picture: Picture | OuterRef) -> MatchQuerySet:
        """What the uploader of a held picture is still asked about: undecided, against a picture that is live.

        A live picture that is taken out of matching counts only with identical bytes.
        """
        return self.filter(_asked_about("", picture), verdict="")

    def open_for_any(self, pictures: models.QuerySet[Picture, Any]) -> MatchQuerySet:
        """The same for all of these pictures."""
        return self.filter(_asked_about("__in", pictures), verdict="")


def _asked_about(lookup: str, mine: Any) -> Q:
    """Matches with ``mine`` on one side and, on the other, a live picture that may be asked about."""
    asked = Q()
    for side, other in (("query", "candidate"), ("candidate", "query")):
        matchable = Q(**{f"{other}__matching_blocked": False}) | Q(relation=Relation.IDENTICAL_BYTES)
        asked |= Q(**{f"{side}{lookup}": mine, f"{other}__state": State.LIVE}) & matchable
    return asked


class Match(models.Model):
    """A pair of pictures that look alike: ``query`` was being checked, ``candidate`` was there before.

    ``verdict`` is what people last said of the pair and what stands: it is remembered for ever, and a pair with a
    verdict is never asked about again. It follows the newest standing decision; `check_invariants` proves it.
    """

    query = models.ForeignKey(Picture, models.PROTECT, related_name="matches")
    candidate = models.ForeignKey(Picture, models.PROTECT, related_name="matched_by")
    relation = models.CharField(max_length=16, choices=RELATIONS)
    probability = models.FloatField()
    distance = models.PositiveSmallIntegerField(null=True)
    evidence = models.JSONField(default=dict)
    geometry = models.JSONField(default=dict, blank=True)
    routes = ArrayField(models.CharField(max_length=64), default=list)
    algorithm_version = models.PositiveSmallIntegerField()
    settings_version = models.CharField(max_length=8)
    confident = models.BooleanField()
    verdict = models.CharField(max_length=9, choices=Verdict.choices, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        ordering = ["-probability", "distance", "id"]
        constraints = [
            models.UniqueConstraint(
                Least("query", "candidate"), Greatest("query", "candidate"), name="one_match_per_pair"
            ),
            models.CheckConstraint(condition=~Q(query=F("candidate")), name="no_picture_matches_itself"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="probability_within_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query_id} ~ {self.candidate_id} ({self.relation})"

    def other(self, picture: Picture) -> Picture:
        """The picture of the pair that is not this one."""
        return self.candidate if picture.pk == self.query_id else self.query

    def geometry_from(self, picture: Picture) -> Geometry | None:
        """How this picture lies on the other one of the pair, or None where nothing was laid over each other."""
        kept = geometry_from_json(self.geometry)
        return kept if kept is None or picture.pk == self.query_id else kept.from_other_side()

    def matrix_from(self, picture: Picture) -> tuple[float, float, float, float, float, float] | None:
        """Maps places of this picture to places of the other, row by row, in units of their longest sides."""
        geometry = self.geometry_from(picture)
        return None if geometry is None else geometry.matrix
