"""Finding look-alikes: what is looked for, the routes to candidates, and the comparison of the few that they give."""

from dedupe.search.candidates import Candidate, Candidates, find_candidates
from dedupe.search.comparisons import Comparisons, NotCompared
from dedupe.search.failures import SearchFailed
from dedupe.search.pairs import match_at_a_glance, match_of
from dedupe.search.query import Query, query_of, query_of_analysis
from dedupe.search.verification import Evidence, LookAlikes, compare_pictures, find_look_alikes, find_nearest

__all__ = [
    "Candidate",
    "Candidates",
    "Comparisons",
    "Evidence",
    "LookAlikes",
    "NotCompared",
    "Query",
    "SearchFailed",
    "compare_pictures",
    "find_candidates",
    "find_look_alikes",
    "find_nearest",
    "match_at_a_glance",
    "match_of",
    "query_of",
    "query_of_analysis",
]
