"""The addresses that the API hands out: whole ones in bodies, paths in headers."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from board.models import Gallery
from dedupe.models import Picture


def upload_page(request: HttpRequest, upload: Picture) -> str:
    """Where the uploader follows and answers."""
    return request.build_absolute_uri(reverse("upload-status", args=[upload.public_id]))


def picture_page(request: HttpRequest, picture: Picture) -> str:
    """Where everybody sees the picture."""
    return request.build_absolute_uri(reverse("picture", args=[picture.public_id]))


def gallery_page(request: HttpRequest, gallery: Gallery) -> str:
    """Where everybody sees the gallery."""
    return request.build_absolute_uri(reverse("gallery-pictures", args=[gallery.pk]))


def upload_path(upload: Picture) -> str:
    """Where a program follows an upload."""
    return reverse("api:upload", args=[upload.public_id])


def picture_path(picture: Picture) -> str:
    """Where a program reads a picture."""
    return reverse("api:picture", args=[picture.public_id])


def rendition(request: HttpRequest, picture: Picture, kind: str) -> str | None:
    """Where a rendition is served, or None before the analysis."""
    row = picture.rendition(kind)
    return None if row is None else request.build_absolute_uri(reverse("rendition", args=[row.key]))


def next_page(request: HttpRequest, last: str | int | None, word: str = "before") -> str | None:
    """The address of the page behind the row named ``last``, or None at the end."""
    if last is None:
        return None
    query = request.GET.copy()
    query[word] = str(last)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
