"""Everything that is known of a picture, from one reading of its bytes."""

import hashlib
from dataclasses import dataclass, replace

from .containers import inspect
from .decoding import decode_small, decode_with_small, refusing_errors
from .fingerprints import Fingerprint, measure
from .formats import Format
from .limits import Limits
from .miniature import miniature
from .pixels import pixel_checksum
from .profiles import profile_name
from .renditions import Rendition, displayable, render
from .treatments import treat
from .views import FiledView, ViewFile, ViewWords, with_features, words_of

_LIMITS = Limits()


@dataclass(frozen=True)
class Analysis:
    """The result of ``analyse``.

    ``checksum`` and ``pixel_checksum`` are SHA-256 in hex; ``width`` and ``height`` are pixels of the
    upright picture (of a damaged one: as it was before it lost rows); ``frames`` ≥ 1; ``quality``
    is the JPEG quality 1–100, None for other formats; ``profile`` the name of the colour profile, empty
    without one. ``fingerprints`` begin with the FULL one and hold no treatment twice; ``renditions`` no
    kind. ``words`` are those of the VIEW as it is stored.
    """

    checksum: str
    pixel_checksum: str
    format: Format
    size_bytes: int
    width: int
    height: int
    frames: int
    damaged: bool
    quality: int | None
    profile: str
    fingerprints: tuple[Fingerprint, ...]
    words: ViewWords
    renditions: tuple[Rendition, ...]

    @property
    def fingerprint(self) -> Fingerprint:
        """The FULL one."""
        return self.fingerprints[0]


def analyse(data: bytes, limits: Limits = _LIMITS) -> Analysis:
    """Check, decode and measure a picture file. Raises Refused, and nothing else.

    Malformed files may still take much time or memory within their limits, or crash a decoder:
    run it where it can be killed (``dedupe.jail``).
    """
    with refusing_errors():
        header = inspect(data, limits)
        checksum = hashlib.sha256(data).hexdigest()
        decoded, reduced = decode_with_small(data, header, limits)
        width, height = decoded.size
        small = miniature(reduced)
        picture = displayable(decoded)
        treated = tuple(treat(data, header, decoded, small, picture, limits))
        views = tuple(_with_features(each.view) for each in treated if each.view)
        return Analysis(
            checksum=checksum,
            pixel_checksum=pixel_checksum(decoded, checksum),
            format=header.format,
            size_bytes=len(data),
            width=width,
            height=height,
            frames=decoded.frames,
            damaged=decoded.damaged,
            quality=decoded.quality,
            profile=profile_name(decoded.profile, decoded.says_srgb),
            fingerprints=tuple(each.fingerprint for each in treated),
            words=words_of(FiledView(ViewFile(views[0].kind, views[0].data)).features),
            renditions=(*render(picture, halved_chroma=decoded.quality is not None), *views),
        )


def _with_features(view: Rendition) -> Rendition:
    return replace(view, data=with_features(ViewFile(view.kind, view.data)).data)


def fingerprint(data: bytes, limits: Limits = _LIMITS) -> Fingerprint:
    """The FULL fingerprint alone, the same as in ``analyse`` but from a reduced decode. Raises Refused."""
    with refusing_errors():
        header = inspect(data, limits)
        decoded = decode_small(data, header, limits)
        return measure(miniature(decoded), *decoded.size)
