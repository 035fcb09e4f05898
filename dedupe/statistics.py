"""The measure of success: what people said when they were asked, in whole and by band of Hamming distance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Q, Sum

from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.models import Decision, DecisionKind, Match, Picture, Role, State, Verdict
from dedupe.models.decisions import DecisionQuerySet

BANDS = ((0, 0), (1, 8), (9, 16), (17, 24), (25, 32), (33, 40), (41, 48), (49, 56), (57, 64), (65, 256))


@dataclass(frozen=True)
class Tally:
    """What was said of a set of matches. ``reversed_`` counts uploaders' answers that staff turned round."""

    asked: int = 0
    same: int = 0
    better: int = 0
    variant: int = 0
    different: int = 0
    unanswered: int = 0
    reversed_: int = 0

    @property
    def answered(self) -> int:
        return self.asked - self.unanswered

    def share(self, count: int) -> float | None:
        """A count as a share of what was answered, 0 to 1, or None when nothing was."""
        return count / self.answered if self.answered else None

    @property
    def precision(self) -> float | None:
        """How often a question was right: the answer was that it is the same picture, or a copy of it."""
        return self.share(self.same + self.better)


@dataclass(frozen=True)
class Band:
    """A band of Hamming distances, both ends inclusive, with its tally."""

    low: int
    high: int
    tally: Tally

    @property
    def label(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True)
class Statistics:
    """Everything that the statistics page shows."""

    uploads: int
    uploads_asked: int
    identical: int
    tally: Tally
    bytes_saved: int
    median_seconds: float | None
    bands: tuple[Band, ...]


def gather(since: datetime | None = None) -> Statistics:
    """Count decisions since a moment, or all. Four queries, whatever the number of rows in a band."""
    pictures = Picture.objects.all() if since is None else Picture.objects.filter(created_at__gte=since)
    # A pair that only a person pointed at came by no route: nobody was asked about it.
    matches = Match.objects.exclude(routes=[])
    if since is not None:
        matches = matches.filter(asked_at__gte=since)
    standing = _standing_answers(since)
    people = standing.exclude(role=Role.MACHINE)
    rows = list(matches.values_list("id", "distance", "verdict"))
    machine = set(standing.filter(role=Role.MACHINE).values_list("match_id", flat=True))
    turned = set(_turned_round(since))
    asked = [row for row in rows if row[0] not in machine]
    return Statistics(
        uploads=pictures.count(),
        uploads_asked=pictures.filter(held_at__isnull=False)
        .exclude(decisions__role=Role.MACHINE)
        .distinct()
        .count(),
        identical=len(machine),
        tally=_tally(asked, turned),
        bytes_saved=_bytes_saved(since),
        median_seconds=_median(people.values_list("seconds_to_decide", flat=True)),
        bands=tuple(Band(low, high, _tally(_within(asked, low, high), turned)) for low, high in BANDS),
    )


def _standing_answers(since: datetime | None) -> DecisionQuerySet:
    answers = Decision.objects.standing().filter(kind=DecisionKind.ANSWER)
    return answers if since is None else answers.filter(created_at__gte=since)


def _turned_round(since: datetime | None) -> Iterable[int]:
    """Matches whose answer staff reversed in the queue, or undid."""
    reversals = Decision.objects.standing().filter(match__isnull=False, role=Role.STAFF)
    if since is not None:
        reversals = reversals.filter(created_at__gte=since)
    undone = Q(kind=DecisionKind.UNDO, undoes__kind=DecisionKind.ANSWER, undoes__role=Role.UPLOADER)
    against = Q(kind=DecisionKind.REVIEW, upheld=False, case__cause__isnull=False)
    return [
        pk for pk in reversals.filter(undone | against).values_list("match_id", flat=True) if pk is not None
    ]


def _bytes_saved(since: datetime | None) -> int:
    saved = Picture.objects.filter(state=State.WITHDRAWN, duplicate_of__isnull=False)
    if since is not None:
        saved = saved.filter(state_since__gte=since)
    return saved.aggregate(total=Sum("size_bytes"))["total"] or 0


def _median(seconds: Iterable[float | None]) -> float | None:
    known = [value for value in seconds if value is not None]
    return median(known) if known else None


_Row = tuple[int, int | None, str]


def _within(rows: list[_Row], low: int, high: int) -> list[_Row]:
    return [row for row in rows if row[1] is not None and low <= row[1] <= high]


def _tally(rows: list[_Row], turned: set[int]) -> Tally:
    said = [verdict for _, _, verdict in rows]
    return Tally(
        asked=len(rows),
        same=said.count(Verdict.SAME),
        better=said.count(Verdict.BETTER),
        variant=said.count(Verdict.VARIANT),
        different=said.count(Verdict.DIFFERENT),
        unanswered=said.count(""),
        reversed_=sum(pk in turned for pk, _, _ in rows),
    )


NEWEST_ANSWERS = 5000
"""How far back the answers about matches of one kind are looked through: the query stays cheap whatever is stored."""
_TEN_MINUTES = 600


@dataclass(frozen=True)
class Confirmed:
    """How many of the last answered matches of one kind were right; what right is, depends on their relation."""

    right: int
    of: int


def confirmed(relation: Relation, probability: float, matching: Matching) -> Confirmed:
    """How often people confirmed matches of this relation and of about this probability; ten minutes old at most.

    For a relation that claims one picture, SAME and BETTER confirm it; for others VARIANT does so too. What counts
    is the verdict that stands.
    """
    edges = (0.0, matching.ask_probability, matching.confident_probability, 2.0)
    low, high = next((a, b) for a, b in pairwise(edges) if probability < b)
    key = f"dedupe:confirmed:{relation.value}:{low}:{high}"
    known = cache.get(key)
    if not isinstance(known, Confirmed):
        known = _confirmed(relation, low, high)
        cache.set(key, known, _TEN_MINUTES)
    return known


def _confirmed(relation: Relation, low: float, high: float) -> Confirmed:
    newest = _standing_answers(None).exclude(role=Role.MACHINE).order_by("-id")[:NEWEST_ANSWERS]
    right = [Verdict.SAME, Verdict.BETTER] + ([] if relation.same_picture else [Verdict.VARIANT])
    answered = Match.objects.filter(
        pk__in=newest.values("match"), relation=relation, probability__gte=low, probability__lt=high
    ).exclude(verdict="")
    counts = answered.aggregate(of=Count("pk"), right=Count("pk", filter=Q(verdict__in=right)))
    return Confirmed(counts["right"], counts["of"])
