"""The measure of success, for moderators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field

from board.api.authentication import only_with
from board.api.schemas.staff import AgreementOut, BandOut, ShareOut, StatisticsOut, TallyOut
from dedupe.agreement import Share, agreement
from dedupe.conf import conf
from dedupe.models import Power
from dedupe.statistics import Tally, gather

router = Router(tags=["statistics"], auth=only_with(Power.SEE_STATISTICS))

Days = Annotated[int | None, Field(ge=1, le=3650, description="Only the last so many days.")]


@router.get("stats", response=StatisticsOut, summary="What people said when they were asked")
def statistics(request: HttpRequest, days: Days = None) -> StatisticsOut:
    """In whole and by band of Hamming distance, with the settings that decide who is asked."""
    since = None if days is None else timezone.now() - timedelta(days=days)
    found, agreed = gather(since), agreement(since)
    matching = conf().matching
    return StatisticsOut(
        uploads=found.uploads,
        uploads_asked=found.uploads_asked,
        identical=found.identical,
        bytes_saved=found.bytes_saved,
        median_seconds_to_decide=found.median_seconds,
        tally=TallyOut(**_numbers(found.tally)),
        agreement=AgreementOut(
            samples=_share(agreed.samples),
            samples_waiting=agreed.waiting,
            overrides_upheld=_share(agreed.overrides),
            better_copies_taken=_share(agreed.proposals),
        ),
        bands=[BandOut(low=band.low, high=band.high, **_numbers(band.tally)) for band in found.bands],
        matching=asdict(matching),
        settings_version=matching.version,
    )


def _share(share: Share) -> ShareOut:
    low, high = share.interval or (None, None)
    return ShareOut(count=share.count, of=share.of, share=share.value, low=low, high=high)


def _numbers(tally: Tally) -> dict[str, Any]:
    return {
        "asked": tally.asked,
        "answered": tally.answered,
        "same": tally.same,
        "better": tally.better,
        "variant": tally.variant,
        "different": tally.different,
        "unanswered": tally.unanswered,
        "reversed": tally.reversed_,
        "precision": tally.precision,
    }
