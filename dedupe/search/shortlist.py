"""Which of the candidates are worth comparing for real."""

from __future__ import annotations

from collections.abc import Sequence

from dedupe.conf import Matching
from dedupe.search.candidates import Candidate
from dedupe.search.embedders import ROUTE

_GOOD_VOTES = 5
_FEW = 4  # in a large library chance alone gives many candidates of a few votes; so many of them are tried


def shortlist(candidates: Sequence[Candidate], matching: Matching) -> list[Candidate]:
    """Those that are worth comparing, the most promising first, at most ``matching.verified_candidates``.

    Hashes, words and embedders take turns, so that no route fills the list alone. A hash route's candidate must be
    near by the larger hash as well.
    """
    near = [
        each
        for each in candidates
        if each.distance is not None and each.distance <= matching.candidate_distance
    ]
    worded = [each for each in candidates if each.votes >= matching.least_votes]
    worded.sort(key=lambda each: (-each.votes, each.picture_id))
    worded = [each for place, each in enumerate(worded) if place < _FEW or each.votes >= _GOOD_VOTES]
    embedded = [each for each in candidates if any(route.startswith(ROUTE) for route in each.routes)]
    chosen: dict[int, Candidate] = {}
    queues = [iter(near), iter(worded), iter(embedded)]
    while queues and len(chosen) < matching.verified_candidates:
        for queue in list(queues):
            fresh = next((each for each in queue if each.picture_id not in chosen), None)
            if fresh is None:
                queues.remove(queue)
            elif len(chosen) < matching.verified_candidates:
                chosen[fresh.picture_id] = fresh
    return list(chosen.values())
