"""Estimate the quality setting of a JPEG from its tables."""

from collections.abc import Mapping, Sequence

# Sum of the 64 luminance entries of ITU-T T.81, table K.1.
_STANDARD_SUM = 3688


def jpeg_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """Quality 1–100 on the scale of the Independent JPEG Group; None without tables.

    Inverts ``jpeg_quality_scaling`` of libjpeg (``jcparam.c``) on the sum of the luminance table, so
    the order of the entries does not matter. Encoders with tables of their own get the nearest value.
    """
    luminance = tables.get(0)
    if not luminance:
        return None
    scale = sum(luminance) * 100 / _STANDARD_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return max(1, min(100, round(quality)))
