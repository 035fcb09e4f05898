"""Which part of which picture: the geometry of a comparison as plain numbers, for keeping and for programs."""

from __future__ import annotations

import math

from dedupe.imaging import Comparison, turn_of

_DIGITS = 4


def geometry_of(comparison: Comparison) -> dict[str, object]:
    """The geometry as JSON values.

    ``views`` names the views compared, the stored picture's first. ``matrix`` maps the query's places to the stored
    one's, row by row, in units of their longest sides. ``turned`` is in degrees (−180, 180], ``scale`` the length on
    the stored view of one unit of the query's, ``beyond`` what each shows outside of the other.
    """
    a, b, _, c, d, _ = comparison.matrix
    turned, mirrored = turn_of(comparison)
    return {
        "views": list(comparison.views),
        "method": comparison.method.value,
        "matrix": [round(value, 6) for value in comparison.matrix],
        "turned": round(turned, 1),
        "mirrored": mirrored,
        "scale": round(math.sqrt(abs(a * d - b * c)), _DIGITS),
        "covered": [round(share, _DIGITS) for share in comparison.coverage],
        "beyond": [each.value for each in comparison.beyond],
    }
