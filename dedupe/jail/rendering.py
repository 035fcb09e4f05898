"""The jobs that make renditions after the analysis: what a child answers, and how far it is believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dedupe.imaging import RenditionKind
from dedupe.imaging.finer import Finer
from dedupe.imaging.limits import Limits
from dedupe.imaging.renditions import AVIF_KINDS
from dedupe.imaging.wire_checks import checked_profile
from dedupe.imaging.wire_renditions import renditions_from_json, renditions_to_json, split

from .protocol import Job, encode_answer

EXPECTED: dict[Job, tuple[RenditionKind, ...]] = {
    Job.AVIF: AVIF_KINDS,
    Job.FULL: (RenditionKind.FULL,),
}
"""The kinds that each job makes, all of them, in order."""


def finer_of(data: bytes, limits: Limits, make: Callable[[bytes, Limits], Finer]) -> bytes:
    """In the child: make renditions of a picture. Raises Refused."""
    finer = make(data, limits)
    described = {"profile": finer.profile, "renditions": renditions_to_json(finer.renditions)}
    return encode_answer(described, [each.data for each in finer.renditions])


def decode_finer(job: Job, value: dict[str, Any], blobs: bytes) -> Finer:
    """The renditions in an answer. Raises ValueError for what no child of ours says to this job."""
    try:
        parts = split([each["bytes"] for each in value["renditions"]], blobs)
        made = renditions_from_json(value["renditions"], parts, EXPECTED[job])
        profile = checked_profile(value["profile"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no renditions: {type(error).__name__}") from error
    if tuple(each.kind for each in made) != EXPECTED[job]:
        raise ValueError("not the renditions that were asked for")
    return Finer(made, profile)
