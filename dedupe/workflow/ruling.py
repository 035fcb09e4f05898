"""What staff say of a cluster, and what it means for each of its pairs. Rules only: nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dedupe.models import Case, CaseKind, Picture, State, Verdict
from dedupe.workflow.resolutions import Resolution, by_age, is_upheld

SAYABLE = (Verdict.SAME, Verdict.VARIANT, Verdict.DIFFERENT)


@dataclass(frozen=True)
class Ruling:
    """One picture to keep, and what each other one is to it. Whoever has no verdict is left for later.

    ``verdicts`` are SAME, VARIANT or DIFFERENT, by the id of the picture.
    """

    keeper: int
    verdicts: Mapping[int, Verdict]

    @property
    def pictures(self) -> frozenset[int]:
        return frozenset({self.keeper, *self.verdicts})

    def of_pair(self, one: int, other: int) -> Verdict | None:
        """What follows for any two: whatever is the same as the keeper is to others what the keeper is to them.

        None where nothing follows: of two that both differ from the keeper, and where one is left for later.
        """
        said = [Verdict.SAME if each == self.keeper else self.verdicts.get(each) for each in (one, other)]
        if None in said or Verdict.SAME not in said:
            return None
        return said[1] if said[0] is Verdict.SAME else said[0]

    def is_merged(self, picture: int) -> bool:
        """Whether this one goes, and leads to the keeper."""
        return self.verdicts.get(picture) is Verdict.SAME


def in_order(ruling: Ruling, pictures: Mapping[int, Picture]) -> list[int]:
    """The pictures with a verdict in the order in which they are dealt with.

    First the published ones that are merged, the oldest at the head: its address goes to a keeper that is held.
    """
    return sorted(ruling.verdicts, key=lambda pk: (not ruling.is_merged(pk), *by_age(pictures[pk])))


def replaced_by(ruling: Ruling, pictures: Mapping[int, Picture]) -> int | None:
    """The published picture whose address and date a keeper takes that is held; None where there is none."""
    if pictures[ruling.keeper].state != State.HELD:
        return None
    merged = (pk for pk in in_order(ruling, pictures) if ruling.is_merged(pk))
    return next((pk for pk in merged if pictures[pk].state == State.LIVE), None)


def upheld_by(case: Case, ruling: Ruling, verdict: Verdict) -> bool | None:
    """Whether what is said of its pair agrees with whoever brought a case."""
    if verdict is not Verdict.SAME:
        return is_upheld(case, Resolution(verdict.value))
    takes_newer = case.kind == CaseKind.PROPOSAL and case.picture_id == ruling.keeper
    return is_upheld(case, Resolution.KEEP_NEWER if takes_newer else Resolution.KEEP_OLDER)
