"""Finding look-alikes: index keys, the one candidate query, and the verification of what it found."""

from dedupe.search.candidates import Candidate, Candidates, SearchFailed, find_candidates
from dedupe.search.verification import Evidence, LookAlikes, find_look_alikes

__all__ = [
    "Candidate",
    "Candidates",
    "Evidence",
    "LookAlikes",
    "SearchFailed",
    "find_candidates",
    "find_look_alikes",
]
