"""The family of 33 edits by which recall is measured: what people do to pictures before they upload them again.

Each edit is a pure function of an RGB picture, a generator of random numbers and (for one of them) another picture
to stand in the background. The generator comes from `dice`, so the same file gives the same edited file in every
run, whichever others are made.
"""

from benchmarks.edits.family import EDITS, Edit, Kind, dice
from benchmarks.edits.files import EditedFile

__all__ = ["EDITS", "Edit", "EditedFile", "Kind", "dice"]
