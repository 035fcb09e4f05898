"""The picture formats that the board takes."""

from enum import StrEnum


class Format(StrEnum):
    """A container that is told from its leading bytes, never from a name."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    AVIF = "avif"

    @property
    def mime(self) -> str:
        """Media type as registered with IANA."""
        return f"image/{self.value}"

    @property
    def extension(self) -> str:
        """Usual file extension with its dot."""
        return ".jpg" if self is Format.JPEG else f".{self.value}"
