"""Whether all pictures have the numbers that this release looks for, or some are still to be brought up to date."""

from __future__ import annotations

from dedupe.imaging import ALGORITHM_VERSION
from dedupe.imaging.words import WORDS_VERSION
from dedupe.models import Walk, WalkKind, WalkState

EARLIER = "earlier pictures"
"""Stands among what was not searched while pictures of an older version are still to be brought up to date."""


def measured_by() -> str:
    """The versions of this release, as its walks are named."""
    return f"{ALGORITHM_VERSION}.{WORDS_VERSION}"


def library_is_measured() -> bool:
    """Whether a whole pass under the present versions has ended; one small indexed query.

    A picture that is brought up to date later still is searched for itself then.
    """
    return Walk.objects.filter(
        kind=WalkKind.FINGERPRINTS, version=measured_by(), state=WalkState.FINISHED
    ).exists()
