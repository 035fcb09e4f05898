"""The rules that hold always, as queries over a running system. Each check names the rows that break its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from dedupe import storage
from dedupe.conf import conf
from dedupe.imaging import ALGORITHM_VERSION, Treatment
from dedupe.listing import prefixes_in_use
from dedupe.models import (
    Case,
    CaseKind,
    CaseState,
    Decision,
    DecisionKind,
    Delivery,
    Embedding,
    Fingerprint,
    LedgerEntry,
    Match,
    Picture,
    Rendition,
    State,
)
from dedupe.orphans import find_orphans


@dataclass(frozen=True)
class Violation:
    """One row that breaks one rule."""

    rule: str
    subject: str
    message: str


@dataclass(frozen=True)
class Span:
    """Pictures by their ids: those behind ``after`` up to ``last``; as it comes, all of them."""

    after: int = 0
    last: int = (1 << 63) - 1

    def of(self, field: str = "pk") -> Q:
        """The condition on a field that holds the id of a picture."""
        return Q() if self == ALL else Q(**{f"{field}__gt": self.after, f"{field}__lte": self.last})


ALL = Span()


def no_upload_is_stuck(span: Span = ALL) -> Iterator[Violation]:
    """I1: no upload stays in a passing state beyond its deadline."""
    patience = timedelta(seconds=conf().deadlines.lease_seconds * (conf().deadlines.max_attempts + 1))
    since = timezone.now() - patience
    # What an outage has put back waits for its next attempt, which is never far away.
    stuck = Picture.objects.waiting().filter(span.of(), state_since__lt=since, next_attempt_at__lt=since)
    for picture in stuck:
        yield Violation("I1", picture.public_id, f"{picture.state} since {picture.state_since:%F %T}")
    answer_by = timezone.now() - timedelta(days=conf().deadlines.answer_days + 1)
    unanswered = Picture.objects.filter(span.of(), state=State.HELD, state_since__lt=answer_by)
    for picture in unanswered.exclude(cases__kind=CaseKind.PROPOSAL, cases__state=CaseState.OPEN):
        yield Violation("I1", picture.public_id, "held past its expiry")


def no_delivery_is_stuck(span: Span = ALL) -> Iterator[Violation]:
    """I1: bytes on their way are taken over or refused in time."""
    patience = timedelta(seconds=conf().deadlines.lease_seconds * (conf().deadlines.max_attempts + 1))
    overdue = Delivery.objects.filter(span.of("picture_id"), next_attempt_at__lt=timezone.now() - patience)
    for delivery in overdue.exclude(picture=None):
        yield Violation("I1", delivery.public_id, f"due since {delivery.next_attempt_at:%F %T}")


def live_pictures_are_stored(span: Span = ALL) -> Iterator[Violation]:
    """I2: live rows and stored objects correspond (objects without a row are the sweep's)."""
    for picture in Picture.objects.live().filter(span.of()).iterator():
        if not storage.originals().exists(picture.storage_key):
            yield Violation("I2", picture.public_id, "its original is missing in storage")
    for rendition in Rendition.objects.filter(span.of("picture_id"), picture__state=State.LIVE).iterator():
        if not storage.renditions().exists(rendition.key):
            yield Violation("I2", rendition.key, "this rendition is missing in storage")


def redirects_end_in_one_hop(span: Span = ALL) -> Iterator[Violation]:
    """I3: redirects take one hop and end at a picture, never at another redirect."""
    for picture in Picture.objects.filter(span.of(), duplicate_of__duplicate_of__isnull=False):
        yield Violation("I3", picture.public_id, "its redirect leads to another redirect")


def decisions_have_their_trace(span: Span = ALL) -> Iterator[Violation]:
    """I4: what is said of a pair is what the ledger wrote last, and every decision left its trace there."""
    written = LedgerEntry.objects.filter(
        model=Match._meta.label_lower, row=OuterRef("pk"), field="verdict"
    ).order_by("-id")
    said = Match.objects.filter(span.of("query_id")).annotate(last=Subquery(written.values("after")[:1]))
    for pk, verdict, last in said.values_list("pk", "verdict", "last"):
        if (last or "") != verdict:
            yield Violation("I4", f"match {pk}", f"says {verdict!r}, the ledger {last!r}")
    for decision in Decision.objects.filter(span.of("picture_id"), ledger__isnull=True).exclude(
        kind=DecisionKind.UNDO
    ):
        yield Violation("I4", str(decision), "changed nothing that was written down")


def live_checksums_are_unique(span: Span = ALL) -> Iterator[Violation]:
    """I5: one live picture per checksum."""
    here = Picture.objects.live().filter(span.of())
    live = Picture.objects.live().filter(checksum__in=here.values("checksum"))
    twice = live.order_by().values("checksum").annotate(n=Count("id")).filter(n__gt=1)
    for row in twice:
        yield Violation("I5", row["checksum"], f"{row['n']} live pictures have these bytes")


def live_pictures_are_fingerprinted(span: Span = ALL) -> Iterator[Violation]:
    """I6: every live picture is fingerprinted once in this version, and only live ones are searchable.

    The embeddings are bound by the second half alone: an embedder may fail, and a new one is filled in later.
    """
    current = Q(fingerprints__version=ALGORITHM_VERSION, fingerprints__treatment=Treatment.FULL)
    live = Picture.objects.live().filter(span.of())
    for picture in live.annotate(n=Count("fingerprints", filter=current)).exclude(n=1):
        yield Violation("I6", picture.public_id, "it does not have exactly one fingerprint")
    is_live = Q(picture__state=State.LIVE)
    as_it_should_be = Q(searchable=True) & is_live | Q(searchable=False) & ~is_live
    rows = Fingerprint.objects.filter(span.of("picture_id")).exclude(as_it_should_be)
    for row in rows.select_related("picture"):
        yield Violation(
            "I6", row.picture.public_id, "its fingerprint is searchable when it should not be, or not"
        )
    values = Embedding.objects.filter(span.of("picture_id")).exclude(as_it_should_be)
    for value in values.select_related("picture"):
        why = f"its embedding {value.name} is searchable when it should not be, or not"
        yield Violation("I6", value.picture.public_id, why)


def stored_bytes_are_those_verified(span: Span = ALL) -> Iterator[Violation]:
    """I7: the bytes in storage are the bytes that were checked. Reads every live original."""
    for picture in Picture.objects.live().filter(span.of()).iterator():
        try:
            with storage.local_copy(picture.storage_key) as (_, checksum):
                if checksum != picture.checksum:
                    yield Violation("I7", picture.public_id, "the stored bytes have changed")
        except FileNotFoundError:
            continue  # I2 says so already


def stored_objects_have_rows(span: Span = ALL) -> Iterator[Violation]:
    """I2, the other half: every object belongs to a row, once the sweep has had its time. Lists all of storage."""
    before = timezone.now() - 2 * timedelta(seconds=conf().deadlines.orphan_grace_seconds)
    for prefix in prefixes_in_use():
        for _, key in find_orphans(prefix, before):
            yield Violation("I2", key, "this object belongs to no row")


def open_cases_can_be_closed(span: Span = ALL) -> Iterator[Violation]:
    """Open proposals are about held uploads."""
    proposals = Case.objects.filter(span.of("picture_id"), kind=CaseKind.PROPOSAL, state=CaseState.OPEN)
    for case in proposals.exclude(picture__state=State.HELD):
        yield Violation("queue", str(case), "its upload is not held any more")


CHECKS: tuple[Callable[[Span], Iterator[Violation]], ...] = (
    no_upload_is_stuck,
    no_delivery_is_stuck,
    live_pictures_are_stored,
    redirects_end_in_one_hop,
    decisions_have_their_trace,
    live_checksums_are_unique,
    live_pictures_are_fingerprinted,
    open_cases_can_be_closed,
)


RULES = ("I1", "I2", "I3", "I4", "I5", "I6", "queue")
"""Those that CHECKS looks at."""


def find_violations(*, read_bytes: bool = False) -> list[Violation]:
    """Run every check; ``read_bytes`` adds those that read and list all of storage. Raises StorageUnavailable."""
    checks = (*CHECKS, stored_bytes_are_those_verified, stored_objects_have_rows) if read_bytes else CHECKS
    with storage.storage_errors():
        return [violation for check in checks for violation in check(ALL)]
