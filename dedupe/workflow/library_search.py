"""The search for the look-alikes of one published picture, and the filing of each new pair in the review queue."""

from __future__ import annotations

from django.db import transaction

from dedupe.conf import conf
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.models import Case, CaseKind, Match, Picture, State
from dedupe.search import Evidence, find_look_alikes
from dedupe.workflow.filing import file_case
from dedupe.workflow.ledger import lock_pictures
from dedupe.workflow.publication import keep_match, known_query_of, take_publication_lock


def searched_by() -> str:
    """What a search through all pictures depends on: the algorithm's version and the matching settings."""
    return f"{ALGORITHM_VERSION}/{conf().matching.version}"


def look_alikes_of(picture: Picture) -> tuple[Evidence, ...]:
    """What looks like a published picture, found as for an upload.

    Raises SearchFailed, also when the picture has to be brought up to date first.
    """
    return find_look_alikes(known_query_of(picture), conf().matching).found


def look_alikes_again(picture: Picture) -> tuple[Evidence, ...]:
    """``look_alikes_of`` a picture that others may have searched without seeing it.

    Publications that are under way are waited for: each is either seen now, or sees this picture itself.
    """
    with transaction.atomic():
        take_publication_lock()
    return look_alikes_of(picture)


def file_finds(searched: Picture, found: tuple[Evidence, ...]) -> int:
    """File each pair that nobody has judged, reported or filed. Returns how many were.

    A pair counts however it was found, from its older or its newer side. All pictures are locked, so that of two
    processes that find one pair the second sees what the first has filed.
    """
    with transaction.atomic():
        locked = lock_pictures(searched.pk, *(evidence.picture_id for evidence in found))
        return sum(_file(searched.pk, evidence, locked) for evidence in found)


def _file(searched: int, evidence: Evidence, locked: dict[int, Picture]) -> bool:
    ids = {searched, evidence.picture_id}
    if any(each not in locked or locked[each].state != State.LIVE for each in ids):
        return False
    if any(locked[each].matching_blocked for each in ids):
        return False
    pair = Match.objects.of_pair(*ids)
    if pair.exclude(verdict="").exists() or Case.objects.filter(match__in=pair).exists():
        return False
    match = keep_match(locked[searched], evidence)
    return file_case(CaseKind.FIND, locked[max(ids)], match) is not None
