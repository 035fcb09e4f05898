"""What staff may say of a case, and what it means for what was said before. Rules only: nothing here writes."""

from __future__ import annotations

from enum import StrEnum

from dedupe.models import Case, CaseKind, CaseState, Picture, State, Verdict


class Resolution(StrEnum):
    """What staff say of the picture or the pair of a case."""

    KEEP_OLDER = "keep_older"
    """The same picture: the newer is withdrawn, and its address leads to the older."""
    KEEP_NEWER = "keep_newer"
    """The same picture: the newer takes the place of the older."""
    VARIANT = "variant"
    """Both stay, linked."""
    DIFFERENT = "different"
    """Both stay, and nobody is asked about the two again."""
    REMOVE = "remove"
    """A picture reported alone is not shown any more."""
    DISMISS = "dismiss"
    """Nothing changes, and nothing is said of the pair."""


KEEPS = (Resolution.KEEP_OLDER, Resolution.KEEP_NEWER)
APART = (Resolution.VARIANT, Resolution.DIFFERENT)


def pair_by_age(case: Case) -> tuple[Picture, Picture]:
    """The older and the newer picture of a case with a match. What is held is newer than what is published."""
    assert case.match is not None
    older, newer = sorted((case.match.query, case.match.candidate), key=by_age)
    return older, newer


def by_age(picture: Picture) -> tuple[bool, object, int]:
    """What pictures are sorted by, the oldest first. What is held is newer than what is published."""
    return picture.state == State.HELD, picture.published_at or picture.created_at, picture.pk


def legal(case: Case) -> tuple[Resolution, ...]:
    """What can be said of a case of this kind, wherever its pictures are now."""
    if case.match_id is None:
        return Resolution.DISMISS, Resolution.REMOVE
    if case.kind == CaseKind.SAMPLE:
        return Resolution.KEEP_OLDER, *APART
    return *KEEPS, *APART, Resolution.DISMISS


def offers(case: Case) -> tuple[Resolution, ...]:
    """What can be said of a case as its pictures stand now, in the order of the keys."""
    if case.match is None:
        return legal(case) if case.picture.state == State.LIVE else (Resolution.DISMISS,)
    if case.kind == CaseKind.SAMPLE:
        return legal(case)
    return (*KEEPS, *APART) if is_whole(case) else (*APART, Resolution.DISMISS)


def is_whole(case: Case) -> bool:
    """Whether the pair is where staff can choose a keeper: both published, or one of them held."""
    older, newer = pair_by_age(case)
    return older.state == State.LIVE and newer.state in {State.LIVE, State.HELD}


def upholding(case: Case) -> Resolution:
    """What agrees with whoever brought the case: the person's answer, or that the reported picture is a copy."""
    if case.match is None:
        return Resolution.REMOVE
    if case.kind == CaseKind.OVERRIDE:
        return Resolution.VARIANT if case.match.verdict == Verdict.VARIANT else Resolution.DIFFERENT
    if case.kind == CaseKind.PROPOSAL:
        return Resolution.KEEP_NEWER
    older, _ = pair_by_age(case)
    is_sample = case.kind == CaseKind.SAMPLE
    return Resolution.KEEP_NEWER if older.pk == case.picture_id and not is_sample else Resolution.KEEP_OLDER


def reversing(case: Case) -> Resolution:
    """What contradicts whoever brought the case."""
    if case.kind in {CaseKind.OVERRIDE, CaseKind.PROPOSAL}:
        return Resolution.KEEP_OLDER
    return Resolution.DISMISS if Resolution.DISMISS in legal(case) else Resolution.DIFFERENT


def is_upheld(case: Case, resolution: Resolution) -> bool | None:
    """Whether staff agree with what was said before them; None where nobody had said anything, or they do not say.

    What is said of a sample is said blind, so it neither upholds nor reverses: its verdict stands beside the other.
    An override holds when both pictures stay: between a variant and a different picture staff correct the word, not
    the answer. A proposal holds when the newer file is taken; a report and a find when the two are the same.
    """
    if case.match_id is None:
        return resolution is Resolution.REMOVE
    if resolution is Resolution.DISMISS:
        return False if case.kind in {CaseKind.REPORT, CaseKind.FIND} else None
    if case.kind in {CaseKind.EXPIRING, CaseKind.SAMPLE}:
        return None
    if case.kind == CaseKind.OVERRIDE:
        return resolution in APART
    if case.kind == CaseKind.PROPOSAL:
        return resolution is Resolution.KEEP_NEWER
    return resolution in KEEPS


def end_of(case: Case, resolution: Resolution) -> CaseState:
    """How the case ends."""
    upheld = is_upheld(case, resolution)
    if upheld is None and resolution is Resolution.DISMISS:
        return CaseState.OBSOLETE
    return judged(upheld)


def judged(upheld: bool | None) -> CaseState:
    """How a case ends by a verdict: for or against what was said before, or neither."""
    if upheld is None:
        return CaseState.DECIDED
    return CaseState.UPHELD if upheld else CaseState.REVERSED


def verdict_of(case: Case, resolution: Resolution) -> str:
    """What staff say of the pair, or nothing where they say nothing of it.

    Taking a held file in place of a published one is the verdict BETTER; between two published ones it is SAME.
    """
    if resolution in APART:
        return Verdict(resolution.value)
    if resolution not in KEEPS:
        return ""
    _, newer = pair_by_age(case)
    takes_held = resolution is Resolution.KEEP_NEWER and newer.state == State.HELD
    return Verdict.BETTER if takes_held else Verdict.SAME
