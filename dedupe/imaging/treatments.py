"""The views of a picture from which fingerprints are computed, beside the whole over white."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .boxes import WHOLE
from .colour import BLACK
from .decoding import Decoded
from .detail import LOW_DETAIL
from .fingerprints import Fingerprint, Treatment, measure
from .frames import moments
from .limits import Header, Limits
from .miniature import Bytes, miniature, squared
from .renditions import Rendition, RenditionKind, displayable, encoded_view, view
from .trimming import trim_box

_OF_MOMENT = {
    1: (Treatment.FRAME1, RenditionKind.VIEW_FRAME1),
    2: (Treatment.FRAME2, RenditionKind.VIEW_FRAME2),
    3: (Treatment.FRAME3, RenditionKind.VIEW_FRAME3),
}


@dataclass(frozen=True)
class Treated:
    """A fingerprint, and the view that shows what it was computed from; TRIMMED is a part of VIEW."""

    fingerprint: Fingerprint
    view: Rendition | None = None


def treat(
    data: bytes, header: Header, decoded: Decoded, full: Bytes, picture: Image.Image, limits: Limits
) -> Iterator[Treated]:
    """Yield the treatments that the picture calls for, FULL first.

    ``full`` is the miniature of the whole, ``picture`` the ``displayable`` of ``decoded``.
    """
    plain_view = view(picture)
    yield Treated(measure(full, *decoded.size), encoded_view(plain_view, RenditionKind.VIEW))
    yield from _trimmed(plain_view, decoded.size)
    if decoded.image.mode == "RGBA":
        yield _over_black(decoded)
    if decoded.frames > 1:
        yield from _later(data, header, decoded, full, limits)


def _trimmed(whole: Image.Image, size: tuple[int, int]) -> Iterator[Treated]:
    box = trim_box(np.asarray(whole))
    if box != WHOLE:
        pixels = (
            box.left * whole.width,
            box.top * whole.height,
            box.right * whole.width,
            box.bottom * whole.height,
        )
        found = measure(squared(whole, pixels), *size, Treatment.TRIMMED, box)
        if found.detail >= LOW_DETAIL:  # the darker part of a gradient is no border
            yield Treated(found)


def _over_black(decoded: Decoded) -> Treated:
    dark = view(displayable(decoded, BLACK))
    return Treated(
        measure(miniature(decoded, BLACK), *decoded.size, Treatment.OVER_BLACK),
        encoded_view(dark, RenditionKind.VIEW_BLACK),
    )


def _later(data: bytes, header: Header, still: Decoded, full: Bytes, limits: Limits) -> Iterator[Treated]:
    for moment in moments(data, header, still, full, limits):
        treatment, kind = _OF_MOMENT[moment.number]
        yield Treated(
            measure(moment.miniature, *moment.decoded.size, treatment),
            encoded_view(view(displayable(moment.decoded)), kind),
        )
