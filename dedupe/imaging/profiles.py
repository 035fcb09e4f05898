"""The name of the colour profile that a file carries."""

from io import BytesIO

from PIL import ImageCms

MAX_NAME = 64
_MAX_PROFILE_BYTES = 4 * 1024 * 1024
_UNNAMED = "unnamed"
_SRGB = "sRGB"


def profile_name(profile: bytes | None, says_srgb: bool = False) -> str:
    """The description in an embedded ICC profile (ICC.1:2010, 9.2.41), as ``sanitised``; empty if there is none.

    A profile that cannot be read counts as none, as nothing is converted by it. ``says_srgb``: the file has no
    profile but says that it is sRGB, as PNG does in a chunk of that name.
    """
    if not profile:
        return _SRGB if says_srgb else ""
    if len(profile) > _MAX_PROFILE_BYTES:
        return ""
    try:
        described = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return ""
    return sanitised(described) or _UNNAMED


def sanitised(name: str) -> str:
    """Printable characters alone, so no line ends and no change of direction; single spaces; at most 64 in number."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:MAX_NAME].rstrip()
