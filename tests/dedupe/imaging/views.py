"""Views of pictures as the analysis makes them, and what comparing them gives."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

from benchmarks.edits import EDITS
from benchmarks.edits.family import dice
from dedupe.imaging import (
    Analysis,
    Comparison,
    Relation,
    View,
    ViewFile,
    analyse,
    open_view,
    relation_of,
    verify,
)
from tests.pictures import encoded
from tests.scenes import photograph


def view(image: Image.Image, name: str = "view") -> View:
    """A view of pixels that never went through a file."""
    small = image.copy()
    small.thumbnail((480, 480))
    return View(name, np.asarray(small.convert("RGB")))


def views_of(analysis: Analysis) -> list[View]:
    """The views as the jail opens them, the plainest first."""
    files = [ViewFile(each.kind, each.data) for each in analysis.renditions if each.kind.is_view]
    return [View(file.kind.value, open_view(file)) for file in files]


def edited(image: Image.Image, name: str) -> bytes:
    """The file that one of the benchmark's edits makes."""
    return EDITS[name].apply(image, dice("tests", name), photograph(99)).data


def found(stored: bytes | Image.Image, query: bytes | Image.Image) -> tuple[float, Relation | None]:
    """The probability and the relation of two files, or of two pictures saved as PNG."""
    (there, views), (here, others) = (
        _analysed(each if isinstance(each, bytes) else encoded(each)) for each in (stored, query)
    )
    comparison = verify(views, others)
    if comparison is None:
        return 0.0, None
    return comparison.probability, named(comparison, there, here)


@lru_cache(maxsize=32)
def _analysed(data: bytes) -> tuple[Analysis, list[View]]:
    analysis = analyse(data)
    return analysis, views_of(analysis)


def named(comparison: Comparison, stored: Analysis, query: Analysis) -> Relation:
    """The relation of two analysed files."""
    size_stored, size_query = (stored.width, stored.height), (query.width, query.height)
    return relation_of(comparison, size_stored=size_stored, size_query=size_query)


def opened(data: bytes) -> Image.Image:
    """The picture in a file."""
    return Image.open(BytesIO(data)).convert("RGB")
