"""Two given pictures: what their comparison says, as a match.

A match that is kept would be asked about. What only whoever looks at two pictures side by side wants to know is not.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache

from dedupe.conf import conf
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.models import Match, Picture
from dedupe.search.failures import SearchFailed
from dedupe.search.verification import Evidence, compare_pictures

log = logging.getLogger(__name__)

_KEPT = 600  # seconds: while somebody goes back and forth between the pictures of a case
_UNKNOWN: Any = object()


def match_of(picture: Picture, evidence: Evidence) -> Match:
    """The match that says this of a look-alike of ``picture``; it has no row yet."""
    return Match(
        query=picture,
        candidate_id=evidence.picture_id,
        relation=evidence.relation,
        probability=evidence.probability,
        distance=evidence.distance,
        evidence=evidence.numbers(),
        geometry=evidence.geometry(),
        routes=list(evidence.routes),
        algorithm_version=ALGORITHM_VERSION,
        settings_version=conf().matching.version,
        confident=evidence.confident,
    )


def match_at_a_glance(picture: Picture, other: Picture) -> Match | None:
    """The match of two stored pictures that were never compared, made now; None when it cannot be had.

    That two cannot be laid over each other is remembered too; that storage does not answer is not.
    """
    key = f"glance:{ALGORITHM_VERSION}:{conf().matching.version}:{picture.pk}:{other.pk}"
    evidence: Evidence | None = cache.get(key, _UNKNOWN)
    if evidence is _UNKNOWN:
        try:
            evidence = compare_pictures(picture, other, conf().matching)
        except SearchFailed as error:
            log.warning(
                "%s and %s are shown without a comparison: %s", picture.public_id, other.public_id, error
            )
            return None
        cache.set(key, evidence, _KEPT)
    if evidence is None:
        return None
    match = match_of(picture, evidence)
    match.candidate = other
    return match
