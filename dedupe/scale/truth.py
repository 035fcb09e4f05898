"""What a search through everything finds: the measure of what an index may miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from dedupe.conf import Matching
from dedupe.imaging import orientations
from dedupe.scale.population import Fingerprints
from dedupe.scale.questions import hashes_of
from dedupe.search import Query

RADIUS = 7
"""Within so many differing bits of 64 (inclusive) the multi-index finds everything (``dedupe.search.keys``)."""


@dataclass
class Truth:
    """For each query the pictures within the radius, and those within the window, in any orientation."""

    queries: list[Query]
    matching: Matching
    within_radius: list[set[int]] = field(init=False)
    within_window: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.within_radius = [set() for _ in self.queries]
        self.within_window = [set() for _ in self.queries]

    def seeing(self, blocks: Iterable[Fingerprints]) -> Iterable[Fingerprints]:
        """Pass the blocks on, having looked at every fingerprint in them."""
        for block in blocks:
            self.look_at(block)
            yield block

    def look_at(self, block: Fingerprints) -> None:
        """Compare every query with every fingerprint that has enough detail."""
        seen = block.taken(np.flatnonzero(~block.low_detail))
        for query, near, inside in zip(self.queries, self.within_radius, self.within_window, strict=True):
            for phash in hashes_of(query):
                near.update(seen.picture[np.bitwise_count(seen.phash ^ phash) <= RADIUS].tolist())
            for each in (o for fingerprint in query.fingerprints for o in orientations(fingerprint)):
                apart = np.abs(seen.quadrants - np.array(each.quadrants)).max(axis=1)
                alike = np.abs(seen.aspect - each.aspect) <= self.matching.window_aspect
                inside.update(seen.picture[alike & (apart <= self.matching.window_intensity)].tolist())
