"""What comes back to staff: the review queue and the measure of success."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from board.api.schemas.responses import MatchOut, PictureBrief
from dedupe.models import CaseKind, CaseState
from dedupe.workflow import Resolution


class CaseOut(Schema):
    """Something for staff to look at. ``resolutions`` are what may be said of it; nobody opened what a machine filed.

    What the uploader said of a blind sample is not told while it is open.
    """

    id: int
    kind: CaseKind
    state: CaseState
    picture: PictureBrief
    match: MatchOut | None
    opened_by: str | None
    resolutions: list[Resolution]
    reason: str
    claimed_by: str | None
    claimed_until: datetime | None
    created_at: datetime


class CaseList(Schema):
    """Open cases, the oldest first."""

    items: list[CaseOut]
    next: str | None


class Ruled(Schema):
    """A case was closed."""

    decision: int
    case: CaseOut


class TallyOut(Schema):
    """What was said of a set of questions. Shares are 0 to 1, null when nothing was answered."""

    asked: int
    answered: int
    same: int
    better: int
    variant: int
    different: int
    unanswered: int
    reversed: int
    precision: float | None


class BandOut(TallyOut):
    """The tally of a band of Hamming distances, both ends inclusive."""

    low: int
    high: int


class ShareOut(Schema):
    """So many of so many; the share and the 95 % interval (Wilson) that it lies in are 0 to 1, null of nothing."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class AgreementOut(Schema):
    """Of uploaders' answers, how many staff called the same without knowing them; and how many overrides stand."""

    samples: ShareOut
    samples_waiting: int
    overrides_upheld: ShareOut
    better_copies_taken: ShareOut


class StatisticsOut(Schema):
    """The measure of success, and the settings that it was reached with."""

    uploads: int
    uploads_asked: int
    identical: int
    bytes_saved: int
    median_seconds_to_decide: float | None
    tally: TallyOut
    agreement: AgreementOut
    bands: list[BandOut]
    matching: dict[str, int | float]
    settings_version: str
