"""The bytes: inert renditions for everybody who may see the picture, originals for its uploader and reviewers."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from board.pages.access import own_upload
from dedupe import storage
from dedupe.imaging import Format
from dedupe.models import Rendition, State
from dedupe.visibility import may_see

_INERT = "default-src 'none'; sandbox"
_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def rendition(request: HttpRequest, key: str) -> HttpResponseBase:
    """One rendition for display, from the row that names it: nothing else in the storage can be reached."""
    displayed = Rendition.objects.filter(key=key, kind__in=Rendition.DISPLAYED)
    row = displayed.select_related("picture").first()
    if row is None or not may_see(request.user, row.picture):
        raise Http404("There is no such picture.")
    is_public = row.picture.state == State.LIVE
    response = _stream(storage.renditions(), row.key, row.mime)
    response["Cache-Control"] = _FOREVER if is_public else "private, no-store"
    return response


@require_safe
def original(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The bytes exactly as they were uploaded, to keep, never to show."""
    upload = own_upload(request, public_id)
    if not upload.storage_key:
        raise Http404("The file of this upload has been deleted.")
    response = _stream(storage.originals(), upload.storage_key, "application/octet-stream")
    extension = Format(upload.format).extension if upload.format else ".bin"
    response["Content-Disposition"] = f'attachment; filename="{upload.public_id}{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _stream(where: Storage, key: str, mime: str) -> HttpResponse | FileResponse:
    try:
        with storage.storage_errors():
            file = where.open(key, "rb")
            size = file.size
    except FileNotFoundError as error:
        raise Http404("The file is gone.") from error
    response = FileResponse(file, content_type=mime)
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = _INERT
    response["X-Content-Type-Options"] = "nosniff"
    return response
