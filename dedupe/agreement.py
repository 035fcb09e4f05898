"""How far staff agree with people: with answers that they judged without knowing them, and with overrides.

The interval is Wilson's score interval (E. B. Wilson, 1927, "Probable inference, the law of succession, and
statistical inference", JASA 22): it keeps within 0–1 and is honest for few samples and for shares near the ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from django.db.models import Count, F, Q

from dedupe.models import Case, CaseKind, CaseState, Decision, DecisionKind

_Z95 = 1.959964
"""Standard normal deviate that 95 % lie within."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """0 to 1, or None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def missed(self) -> int:
        return self.of - self.count

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the true one lies, with 95 % confidence; None of nothing."""
        return wilson(self.count, self.of) if self.of else None


def wilson(count: int, of: int, z: float = _Z95) -> tuple[float, float]:
    """Wilson's score interval of ``count`` successes in ``of`` trials, ``of`` above 0; both ends 0 to 1."""
    share, spread = count / of, z * z / of
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == of else centre + half
    return max(0.0, low), min(1.0, high)


@dataclass(frozen=True)
class Agreement:
    """What staff said when they looked at what people had said.

    ``samples`` are answers of uploaders that were judged blind, by how many staff called the same as they;
    ``waiting`` ones are drawn and not judged yet. ``overrides`` are answers against a sure match, by how many staff
    let stand; ``proposals`` better copies, by how many they took.
    """

    samples: Share
    waiting: int
    overrides: Share
    proposals: Share


def agreement(since: datetime | None = None) -> Agreement:
    """Count the standing decisions of staff since a moment, or all. Two queries."""
    decided = Decision.objects.standing().filter(kind=DecisionKind.REVIEW, case__isnull=False)
    if since is not None:
        decided = decided.filter(created_at__gte=since)
    sample = Q(case__kind=CaseKind.SAMPLE, case__cause__isnull=False)
    override, proposal = Q(case__kind=CaseKind.OVERRIDE), Q(case__kind=CaseKind.PROPOSAL)
    counts = decided.aggregate(
        samples=Count("pk", filter=sample),
        agreed=Count("pk", filter=sample & Q(verdict=F("case__cause__verdict"))),
        overrides=Count("pk", filter=override & Q(upheld__isnull=False)),
        stand=Count("pk", filter=override & Q(upheld=True)),
        proposals=Count("pk", filter=proposal & Q(upheld__isnull=False)),
        taken=Count("pk", filter=proposal & Q(upheld=True)),
    )
    return Agreement(
        samples=Share(counts["agreed"], counts["samples"]),
        waiting=Case.objects.filter(kind=CaseKind.SAMPLE, state=CaseState.OPEN).count(),
        overrides=Share(counts["stand"], counts["overrides"]),
        proposals=Share(counts["taken"], counts["proposals"]),
    )
