"""Publish a picture, or hold it and ask. One publisher at a time looks and publishes, so that twins see each other.

The advisory lock is held for one search and one update (some milliseconds), never while a picture is decoded or
compared or storage is asked: candidates are compared before, and newcomers send the publisher back to compare them.
Under the lock every earlier publication is committed and visible: of two look-alikes that arrive at the same moment,
the second to publish always sees the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from dedupe.conf import conf
from dedupe.imaging import Relation
from dedupe.models import CheckOutcome, Decision, DecisionKind, Match, Picture, Role, State, Verdict
from dedupe.search import (
    Comparisons,
    Evidence,
    NotCompared,
    Query,
    SearchFailed,
    find_look_alikes,
    match_of,
    query_of,
)
from dedupe.search.completeness import EARLIER
from dedupe.search.verification import SHOWN, LookAlikes
from dedupe.workflow.ledger import change, move
from dedupe.workflow.pending import search_again_later

_PUBLICATION_LOCK = 0x0D0BB31
_ROUNDS = 20  # more than there are ever look-alikes published at one moment
T = TypeVar("T")

STANDING_APART = (Verdict.DIFFERENT, Verdict.VARIANT)


def take_publication_lock() -> None:
    """Wait for the right to publish, until the transaction ends. Pictures are locked before, never after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLICATION_LOCK])


def known_query_of(picture: Picture) -> Query:
    """The query of a picture that was analysed. Raises SearchFailed, also when it has to be analysed anew first."""
    query = query_of(picture)
    if query is None:
        raise SearchFailed("it was analysed by an older version: backfill_fingerprints brings it up to date")
    return query


def with_comparisons(query: Query, act: Callable[[Comparisons], T]) -> T:
    """Compare a query with its candidates, then let ``act`` settle under the publication lock.

    ``act`` is a whole transaction; it is begun anew when candidates were published meanwhile, after they were
    compared too. Nothing is decoded and no storage is asked while the lock is held. Raises SearchFailed.
    """
    return with_all_comparisons([query], lambda known: act(known[0]))


def with_all_comparisons(
    queries: Sequence[Query], act: Callable[[list[Comparisons]], T], beside: Sequence[int] = ()
) -> T:
    """``with_comparisons`` of several queries that are settled in one transaction; ``act`` gets them in their order.

    ``beside`` are pictures that the transaction itself publishes: every query is compared with them too.
    """
    known = [Comparisons(query) for query in queries]
    for _ in range(_ROUNDS):
        for each in known:
            each.unseal()
            each.with_pictures([other for other in beside if other not in each.query.leave_out])
            find_look_alikes(each.query, conf().matching, each)
            each.seal()
        with suppress(NotCompared):
            return act(known)
    raise SearchFailed(f"look-alikes kept arriving while {_ROUNDS} times all were compared")


def settle(picture: Picture, known: Comparisons, decision: Decision | None = None) -> None:
    """Publish a locked picture, or hold it when it has look-alikes that nobody has decided about.

    Raises SearchFailed, NotCompared, and Conflict when identical bytes are live and were called different.
    """
    take_publication_lock()
    look_alikes = find_look_alikes(known.query, conf().matching, known)
    undecided = _without_decided(picture, look_alikes.found)
    _note_limits(picture, look_alikes, len(undecided))
    if undecided:
        _hold(picture, undecided, decision)
    else:
        if EARLIER in look_alikes.not_searched:
            search_again_later(picture.pk, "some earlier pictures were not brought up to date yet")
        outcome = CheckOutcome.TOO_LITTLE_DETAIL if look_alikes.too_little_detail else CheckOutcome.NONE_FOUND
        if Match.objects.about(picture).exists():
            outcome = CheckOutcome.MATCHES
        publish(picture, decision, outcome)


def _note_limits(picture: Picture, look_alikes: LookAlikes, undecided: int) -> None:
    """Keep with a locked picture what the search behind its check did not do, so that it can be said."""
    picture.check_cut = list(look_alikes.cut)
    if undecided > conf().matching.shown_matches:
        picture.check_cut.append(SHOWN)
    picture.check_not_searched = list(look_alikes.not_searched)
    picture.save(update_fields=["check_cut", "check_not_searched"])


def publish(
    picture: Picture, decision: Decision | None, outcome: CheckOutcome, *, since: datetime | None = None
) -> None:
    """Make a locked picture live, as of ``since`` or now. Raises Conflict when a live one has the same bytes."""
    move(
        picture,
        State.LIVE,
        decision,
        check_outcome=outcome.value,
        published_at=picture.published_at or since or timezone.now(),
        lease_token=None,
        lease_until=None,
        duplicate_of_id=None,
    )


def _without_decided(picture: Picture, found: tuple[Evidence, ...]) -> list[Evidence]:
    ids = [evidence.picture_id for evidence in found]
    pairs = Match.objects.about(picture).filter(
        Q(candidate__in=ids) | Q(query__in=ids), verdict__in=STANDING_APART
    )
    apart = {other for pair in pairs for other in (pair.query_id, pair.candidate_id)}
    return [evidence for evidence in found if evidence.picture_id not in apart]


def _hold(picture: Picture, undecided: list[Evidence], decision: Decision | None) -> None:
    matches = [keep_match(picture, evidence) for evidence in undecided[: conf().matching.shown_matches]]
    first_time = picture.state == State.ANALYSING
    if picture.state != State.HELD:
        move(
            picture,
            State.HELD,
            decision,
            check_outcome=CheckOutcome.MATCHES.value,
            held_at=timezone.now(),
            lease_token=None,
            lease_until=None,
        )
    identical = next((match for match in matches if match.relation == Relation.IDENTICAL_BYTES), None)
    if identical is not None and first_time:
        _withdraw_identical(picture, identical)


def keep_match(picture: Picture, evidence: Evidence) -> Match:
    """Write down a verified look-alike of ``picture``; a pair that is known already keeps its row and verdict."""
    known = Match.objects.of_pair(picture.pk, evidence.picture_id).first()
    return known or Match.objects.keep(match_of(picture, evidence))


def _withdraw_identical(picture: Picture, match: Match) -> None:
    """Identical bytes are the one thing that the machine decides: the address leads to the picture we have.

    That one may be merged at this moment. It is locked out of the order of ids, so it is not waited for: when it is
    not to be had, NotCompared is raised, and everything is looked at once more.
    """
    free = Picture.objects.select_for_update(no_key=True, skip_locked=True)
    other = free.filter(pk=match.other(picture).pk, state=State.LIVE).first()
    if other is None:
        raise NotCompared([match.other(picture).pk])
    decision = Decision.objects.create(
        kind=DecisionKind.ANSWER,
        picture=picture,
        match=match,
        role=Role.MACHINE,
        verdict=Verdict.SAME,
        reason="Identical bytes",
    )
    change(decision, match, verdict=Verdict.SAME.value)
    move(picture, State.WITHDRAWN, decision, duplicate_of_id=other.pk)
