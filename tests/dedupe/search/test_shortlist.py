"""The shortlist: near hashes, words and embedders take turns, and only what is promising is compared."""

from dedupe.conf import Matching
from dedupe.search.candidates import Candidate
from dedupe.search.shortlist import shortlist

NEAR = [Candidate(number, {"hash0"}, distance=number) for number in range(1, 9)]
WORDED = [Candidate(20 + number, {"words"}, votes=10 - number) for number in range(4)]
EMBEDDED = [Candidate(40 + number, {"embedding:colours"}) for number in range(4)]


def ids(candidates: list[Candidate], **matching: float) -> list[int]:
    return [each.picture_id for each in shortlist(candidates, Matching(**matching))]  # type: ignore[arg-type]


def test_the_routes_take_turns() -> None:
    assert ids([*NEAR, *WORDED, *EMBEDDED], verified_candidates=7) == [1, 20, 40, 2, 21, 41, 3]


def test_an_empty_route_leaves_its_turns_to_the_others() -> None:
    assert ids([*NEAR, *WORDED], verified_candidates=12) == [1, 20, 2, 21, 3, 22, 4, 23, 5, 6, 7, 8]
    assert ids(EMBEDDED, verified_candidates=3) == [40, 41, 42]


def test_a_picture_of_two_routes_takes_one_place() -> None:
    both = Candidate(1, {"hash0", "words", "embedding:colours"}, distance=3, votes=30)
    assert ids([both, NEAR[1], WORDED[0]], verified_candidates=5) == [1, 20, 2]


def test_far_hashes_and_few_votes_are_left_out() -> None:
    far = Candidate(1, {"hash1"}, distance=97)
    edge = Candidate(2, {"hash1"}, distance=96)
    few = Candidate(3, {"words"}, votes=1)
    enough = Candidate(4, {"words"}, votes=2)
    assert ids([far, edge, few, enough]) == [2, 4]
    assert set(ids([far, edge, few, enough], candidate_distance=97, least_votes=1)) == {1, 2, 3, 4}


def test_a_far_hash_is_compared_when_words_or_embedders_found_it_too() -> None:
    worded = Candidate(1, {"hash1", "words"}, distance=120, votes=9)
    embedded = Candidate(2, {"hash1", "embedding:colours"}, distance=120)
    assert ids([worded, embedded]) == [1, 2]


def test_most_votes_come_first_then_the_older_picture() -> None:
    candidates = [Candidate(number, {"words"}, votes=votes) for number, votes in ((9, 5), (8, 7), (7, 5))]
    assert ids(candidates) == [8, 7, 9]


def test_nothing_is_chosen_from_nothing_or_for_nothing() -> None:
    assert ids([]) == []
    assert ids(NEAR, verified_candidates=0) == []


def test_of_candidates_with_few_votes_only_the_best_are_compared() -> None:
    weak = [Candidate(number, {"words"}, votes=3) for number in range(1, 9)]
    good = [Candidate(number, {"words"}, votes=5) for number in range(11, 17)]
    assert ids(weak) == [1, 2, 3, 4]
    assert ids([*weak, *good]) == [11, 12, 13, 14, 15, 16]
