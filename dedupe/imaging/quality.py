"""Estimate the quality setting of a JPEG from its tables."""

from collections.abc import Mapping, Sequence
from functools import cache

# ITU-T T.81, table K.1 (luminance), by rows.
_STANDARD = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101),
    *(72, 92, 95, 98, 112, 100, 103, 99),
)


def jpeg_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """Quality 1–100 on the scale of the Independent JPEG Group; None without a luminance table.

    The quality whose scaled standard table has the nearest sum (``jpeg_quality_scaling`` of libjpeg,
    ``jcparam.c``), so the order of the entries does not matter. Encoders with tables of their own get
    the nearest value.
    """
    luminance = tables.get(0)
    if not luminance:
        return None
    total = sum(luminance)
    return min(range(1, 101), key=lambda quality: abs(_sum_at(quality) - total))


@cache
def _sum_at(quality: int) -> int:
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(max(1, min(255, (entry * scale + 50) // 100)) for entry in _STANDARD)
