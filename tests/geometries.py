"""How one picture lies on another, as a match keeps it."""

from types import MappingProxyType
from typing import Any

CROP: MappingProxyType[str, Any] = MappingProxyType(
    {
        "views": ["view", "view_black"],
        "method": "features",
        "matrix": [0.5, 0.0, 0.25, 0.0, 0.5, 0.1],
        "turned": 0.0,
        "mirrored": False,
        "scale": 0.5,
        "covered": [0.25, 1.0],
        "beyond": ["busy", "nothing"],
    }
)
"""The newer picture shows half the width and half the height of the older one, from within it."""
