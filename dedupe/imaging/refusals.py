"""Why a file is not taken, in machine words and in the uploader's words."""

from enum import StrEnum


class Refusal(StrEnum):
    """Reason for which a file cannot become a picture."""

    EMPTY = "empty"
    NOT_A_PICTURE = "not_a_picture"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    SIDE_TOO_LONG = "side_too_long"
    TOO_MANY_FRAMES = "too_many_frames"
    TOO_MANY_SCANS = "too_many_scans"
    TOO_MANY_CHUNKS = "too_many_chunks"
    TOO_MUCH_METADATA = "too_much_metadata"
    BROKEN = "broken"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    ALTERED = "altered"

    @property
    def message(self) -> str:
        """One sentence for the uploader: what is wrong and what to do."""
        return _MESSAGES[self]


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues of languages; whoever shows it translates it."""
    return sentence


_MESSAGES = {
    Refusal.EMPTY: _("This file is empty: please choose it again or save it anew."),
    Refusal.NOT_A_PICTURE: _(
        "This file is not a JPEG, PNG, GIF, WebP or AVIF picture: please choose a picture file."
    ),
    Refusal.UNSUPPORTED_FORMAT: _(
        "This kind of file is not taken here: please save the picture as JPEG, PNG, GIF, WebP or AVIF."
    ),
    Refusal.TOO_MANY_BYTES: _("This file is too large: please save the picture smaller or compress it more."),
    Refusal.TOO_MANY_PIXELS: _("This picture has too many pixels: please scale it down and upload it again."),
    Refusal.SIDE_TOO_LONG: _("This picture is too long on one side: please crop it or scale it down."),
    Refusal.TOO_MANY_FRAMES: _("This animation is too long: please shorten it or scale it down."),
    Refusal.TOO_MANY_SCANS: _(
        "This JPEG is built of too many scans: please open it in an image editor and save it again."
    ),
    Refusal.TOO_MANY_CHUNKS: _(
        "This file is built of too many parts: please open it in an image editor and save it again."
    ),
    Refusal.TOO_MUCH_METADATA: _(
        "This file carries too much data beside the picture: please save it again without metadata."
    ),
    Refusal.BROKEN: _("This picture is damaged and cannot be shown: please upload an intact copy."),
    Refusal.TOO_SLOW: _(
        "This picture took too long to open: please open it in an image editor and save it again."
    ),
    Refusal.TOO_MUCH_MEMORY: _("This picture needs too much memory to open: please scale it down."),
    Refusal.ALTERED: _("This file did not arrive as it was announced: please upload it again."),
}


class Refused(Exception):
    """A file is not taken.

    ``refusal`` says why; ``detail`` adds the fact for logs and for staff (it may
    quote numbers from the file, never its text).
    """

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal
        self.detail = detail

    def __reduce__(self) -> tuple[type["Refused"], tuple[Refusal, str]]:
        return type(self), (self.refusal, self.detail)
