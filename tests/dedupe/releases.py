"""Two releases in one process: the present one, and one whose algorithm gives the same pictures other numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from dedupe.imaging import ALGORITHM_VERSION, Analysis, Fingerprint
from dedupe.imaging.hashing import dct_hash, phash

# All commands are here before anything is changed: one that came later would stay of the new release.
from dedupe.management.commands import backfill_fingerprints, find_duplicates, prune_fingerprints
from dedupe.models import Picture
from dedupe.workflow import numbers

COMMANDS = (backfill_fingerprints, find_duplicates, prune_fingerprints)
OLD, NEW = ALGORITHM_VERSION, ALGORITHM_VERSION + 1


def inverted(old: Fingerprint) -> Fingerprint:
    """What the new release makes of the same pixels: the numbers of the negative, which are alike in nothing."""
    luma = 255 - np.frombuffer(old.luma, np.uint8).reshape(64, 64)
    one, two, three, four = (1 - value for value in old.quadrants)
    return replace(
        old,
        version=NEW,
        intensity=1 - old.intensity,
        quadrants=(one, two, three, four),
        phash=phash(luma),
        dct_hash=dct_hash(luma),
        luma=luma.tobytes(),
    )


@contextmanager
def new_release() -> Iterator[None]:
    """Inside, all code is of the new release: what it writes, what it searches."""
    analyse = numbers.analyse_original

    def analyse_newly(picture: Picture) -> Analysis:
        analysis = analyse(picture)
        return replace(analysis, fingerprints=tuple(map(inverted, analysis.fingerprints)))

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("dedupe."):
                if getattr(module, "ALGORITHM_VERSION", None) == OLD:
                    patch.setattr(module, "ALGORITHM_VERSION", NEW)
                if getattr(module, "analyse_original", None) is analyse:
                    patch.setattr(module, "analyse_original", analyse_newly)
        yield
