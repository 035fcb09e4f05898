"""The Debian packages whose pictures the vocabulary is trained on, and the licence each states for them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A package, which of its files are used (a glob below its root), and how much of it.

    ``most`` bounds the pictures, ``views`` says how many parts of each are looked at.
    """

    package: str
    licence: str
    shows: str
    pattern: str
    most: int
    views: int


_LOMIRI = "CC-BY-4.0, CC-BY-SA-3.0, CC-BY-SA-4.0, CC0-1.0"

# fmt: off
SOURCES = (
    Source("mate-backgrounds", "GPL-2+, CC-BY-SA-4.0", "photographs", "usr/share/backgrounds/**/*.[jp]*g", 40, 6),
    Source("plasma-workspace-wallpapers", "GPL-2+", "paintings", "usr/share/wallpapers/*/contents/images/*", 40, 4),
    Source("lomiri-wallpapers-16.04", _LOMIRI, "photographs", "usr/share/backgrounds/*_by_*.jpg", 40, 6),
    Source("lomiri-wallpapers-20.04", _LOMIRI, "photographs", "usr/share/backgrounds/*_by_*.jpg", 40, 6),
    Source("ukui-wallpapers", "CC-BY-SA-3.0", "photographs, paintings", "usr/share/backgrounds/*.[jp]*g", 40, 4),
    Source("tuxpaint-stamps-default", "GPL-2", "cut-out photographs", "usr/share/tuxpaint/stamps/**/*.png", 160, 2),
    Source("openclipart-png", "public domain dedication", "drawings", "usr/share/openclipart/**/*.png", 160, 2),
    Source("gimp-help-en", "GFDL-NIV-1.2+", "screenshots, photographs", "usr/share/gimp/**/en/images/**/*.png", 250, 2),
    Source("debian-handbook", "GPL-2+ or CC-BY-SA-3.0", "screenshots", "usr/share/doc/**/en-US/**/*.png", 100, 3),
    Source("gnome-user-docs", "CC-BY-SA-3.0", "screenshots, diagrams", "usr/share/help/C/**/*.png", 100, 2),
)
# fmt: on
"""In the order of the table of provenance."""
