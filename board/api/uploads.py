"""Uploads: ask before sending, send, follow, take back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from board.api import addresses, describing, lookups
from board.api.authentication import person, signed_in
from board.api.problems import Problem
from board.api.schemas.requests import Precheck, Reason, UploadWords
from board.api.schemas.responses import Accepted, Decided, Known, UploadList, UploadOut
from board.models import Tag
from board.outcome import refusal_words
from board.quotas import check_quota
from dedupe import workflow
from dedupe.models import Case, Picture, State

router = Router(tags=["uploads"], auth=signed_in)


@router.post("precheck", response=Known, summary="Ask whether we have a file, before sending it")
def precheck(request: HttpRequest, body: Precheck) -> Known:
    """Only published pictures are told of."""
    live = describing.with_words(Picture.objects.live())
    picture = live.filter(checksum=body.sha256).first()
    return Known(
        known=picture is not None, picture=None if picture is None else describing.brief(request, picture)
    )


@router.post("uploads", response={202: Accepted}, summary="Upload a picture", url_name="uploads")
def submit(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], words: Form[UploadWords]
) -> Status[Accepted]:
    """The picture is stored and compared in the background: follow it at ``status_url``.

    A file that its first bytes show to be no picture that we take is refused at once, with 422; one above your quota
    of a day with 429.
    """
    check_quota(person(request), 1, file.size or 0)
    upload = workflow.submit_picture(
        person(request),
        file,
        size=file.size or 0,
        file_name=file.name or "",
        details={**words.dict(), "tags": Tag.names_in(words.tags)},
    )
    if upload.state == State.REJECTED:
        raise _refused(request, upload)
    return describing.accepted(request, response, upload)


def _refused(request: HttpRequest, upload: Picture) -> Problem:
    return Problem(
        422,
        refusal_words(upload.refusal),
        id=upload.public_id,
        state=upload.state,
        refusal=upload.refusal,
        status_url=request.build_absolute_uri(addresses.upload_path(upload)),
    )


@router.get("uploads", response=UploadList, summary="One's own uploads, newest first")
def list_uploads(request: HttpRequest, state: State | None = None, before: str | None = None) -> UploadList:
    """Page by following ``next``."""
    uploads = (
        Picture.objects.filter(owner=person(request)).select_related("post", "duplicate_of").order_by("-id")
    )
    if state is not None:
        uploads = uploads.filter(state=state)
    if before is not None:
        uploads = uploads.filter(pk__lt=lookups.own_upload(person(request), before).pk)
    page, last = lookups.page_of(uploads)
    proposals = Case.objects.open_proposals().filter(picture__in=page)
    proposed = set(proposals.values_list("picture_id", flat=True))
    return UploadList(
        items=[describing.upload_brief(request, each, proposed=each.pk in proposed) for each in page],
        next=addresses.next_page(request, None if last is None else last.public_id),
    )


@router.get("uploads/{upload_id}", response=UploadOut, summary="Follow an upload", url_name="upload")
def follow(request: HttpRequest, upload_id: str) -> UploadOut:
    """Where it stands, what it looks like, and what was decided: for its uploader and for staff."""
    return describing.upload_out(request, lookups.own_upload(person(request), upload_id))


@router.delete("uploads/{upload_id}", response=Decided, summary="Take an upload back")
def withdraw(request: HttpRequest, upload_id: str, reason: Reason = "") -> Decided:
    """While it is held or published. This can be undone like any decision."""
    upload = lookups.own_upload(person(request), upload_id)
    decision = workflow.withdraw(person(request), upload, reason)
    return describing.decided(request, decision)
