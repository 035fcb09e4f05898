"""Uploads whose bytes do not come with the request: announced, sent and completed; or fetched from an address.

One contract, two transports: ``presign`` answers with a form that goes to storage, or to the site where storage cannot
be reached from outside. Who sends the form need not know which.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from board import forms_of_ours
from board.api import describing, lookups
from board.api.authentication import person, signed_in
from board.api.problems import Problem
from board.api.schemas.direct import Announced, FromAddress, SignedFormOut
from board.api.schemas.requests import UploadWords
from board.api.schemas.responses import Accepted
from board.models import Tag
from board.quotas import check_quota
from dedupe import incoming, workflow
from dedupe.fetching import NotFetched
from dedupe.models import Delivery, Picture

router = Router(tags=["uploads"], auth=signed_in)


@router.post("uploads/presign", response={201: SignedFormOut}, summary="Announce an upload")
def presign(request: HttpRequest, body: Announced) -> Status[SignedFormOut]:
    """Reserves an id, and answers with a form: send its fields and then ``file`` to its address, before it expires.

    Then say that it is complete. Nothing is uploaded before that, and what was announced is checked by the bytes.
    """
    check_quota(person(request), 1, body.size)
    delivery = workflow.announce_upload(
        person(request),
        mime=body.type,
        size_bytes=body.size,
        checksum=body.sha256,
        file_name=body.name,
        details=_details(body),
    )
    form = _form_for(request, delivery)
    return Status(
        201,
        SignedFormOut(
            id=delivery.public_id,
            url=form.url,
            fields=dict(form.fields),
            expires=delivery.expires_at,
            complete_url=request.build_absolute_uri(reverse("api:complete", args=[delivery.public_id])),
        ),
    )


def _form_for(request: HttpRequest, delivery: Delivery) -> incoming.SignedForm:
    if incoming.goes_to_storage():
        return incoming.sign_form(
            delivery.key,
            mime=delivery.mime,
            size_bytes=delivery.size_bytes,
            seconds=_seconds_until(delivery.expires_at),
        )
    fields = forms_of_ours.fields_for(delivery.key, delivery.mime, delivery.size_bytes, delivery.expires_at)
    return incoming.SignedForm(request.build_absolute_uri(reverse("api:incoming")), fields)


def _seconds_until(moment: datetime) -> int:
    return max(1, int((moment - timezone.now()).total_seconds()))


@router.post(
    "uploads/incoming",
    auth=None,
    response={204: None},
    url_name="incoming",
    summary="Send the file of an announced upload",
)
def receive(request: HttpRequest, file: File[UploadedFile]) -> Status[None]:
    """With the fields that ``presign`` gave, unchanged, and no others: the signature among them is the permission.

    It is taken once, within its time; anything else is refused with 403, as a storage service would.
    """
    try:
        key = forms_of_ours.key_in(request.POST.dict(), size_bytes=file.size or 0)
    except forms_of_ours.Forged as error:
        raise Problem(403, str(error)) from error
    if not Delivery.objects.filter(key=key, picture=None).exists() or not incoming.keep(key, file):
        raise Problem(403, _("This form was used already."))
    return Status(204, None)


@router.post(
    "uploads/{upload_id}/complete",
    response={202: Accepted},
    url_name="complete",
    summary="Say that the file of an announced upload was sent",
)
def complete(request: HttpRequest, response: HttpResponse, upload_id: str) -> Status[Accepted]:
    """From here on it is an upload like any other. Saying so again changes nothing."""
    delivery = lookups.own_delivery(person(request), upload_id)
    if delivery is None:
        own = Picture.objects.filter(owner=person(request))
        return describing.accepted(request, response, lookups.picture_named(own, upload_id, "upload"))
    return describing.accepted(request, response, workflow.complete_upload(delivery))


@router.post("uploads/by-url", response={202: Accepted}, summary="Upload a picture from its address")
def submit_by_url(request: HttpRequest, response: HttpResponse, body: FromAddress) -> Status[Accepted]:
    """We fetch it in the background, by http or https, from public addresses only.

    What goes wrong then stands at ``status_url``; an address that nobody need ask is refused at once, with 422.
    """
    check_quota(person(request), 1, 0)
    try:
        upload = workflow.submit_address(person(request), body.url, details=_details(body))
    except NotFetched as problem:
        raise Problem(422, _(problem.reason.message), refusal=problem.reason.value) from problem
    return describing.accepted(request, response, upload)


def _details(words: UploadWords) -> dict[str, Any]:
    given = words.dict(include=set(UploadWords.model_fields))
    return {**given, "tags": Tag.names_in(words.tags)}
