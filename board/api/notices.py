"""What one is told of other people's decisions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status

from board.api import addresses, describing, lookups
from board.api.authentication import person, signed_in
from board.api.problems import not_found
from board.api.schemas.people import Marked, NoticeList, NoticeOut, Objection, Seen
from board.api.schemas.responses import Reported
from board.models import Notice
from board.notice_words import Line, lines_of, with_words
from board.notices import mark_read, unread_of
from dedupe.workflow.objections import object_to

router = Router(tags=["notices"], auth=signed_in)


def _own(request: HttpRequest) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person(request))


def _notice_out(request: HttpRequest, line: Line) -> NoticeOut:
    notice = line.notice
    return NoticeOut(
        id=notice.pk,
        decision=notice.decision_id,
        heading=line.told.heading,
        sentence=line.told.sentence,
        reason=line.reason,
        picture=describing.brief(request, notice.picture) if line.shows_picture else None,
        way=line.way,
        is_read=notice.read_at is not None,
        created_at=notice.created_at,
    )


@router.get("notices", response=NoticeList, summary="What others decided about one's pictures, newest first")
def list_notices(request: HttpRequest, unread: bool = False, before: int | None = None) -> NoticeList:
    """Reading them here does not mark them as read. Page by following ``next``."""
    found = unread_of(person(request)) if unread else _own(request)
    if before is not None:
        found = found.filter(pk__lt=before)
    page, last = lookups.page_of(with_words(found).order_by("-id"))
    return NoticeList(
        items=[_notice_out(request, line) for line in lines_of(person(request), page)],
        unread=unread_of(person(request)).count(),
        next=addresses.next_page(request, None if last is None else last.pk),
    )


@router.post("notices/read", response=Marked, summary="Mark notices as read")
def read(request: HttpRequest, body: Seen) -> Marked:
    """Numbers that are not one's own notices are passed over."""
    marked = mark_read(person(request), Notice.objects.filter(pk__in=body.ids))
    return Marked(marked=marked, unread=unread_of(person(request)).count())


@router.post("notices/{int:notice_id}/objection", response={201: Reported}, summary="Ask staff to look again")
def objection(request: HttpRequest, notice_id: int, body: Objection) -> Status[Reported]:
    """Files a case about one's picture; once for each decision, and while no other one is open."""
    notice = _own(request).select_related("decision__undone_by", "picture").filter(pk=notice_id).first()
    if notice is None or not notice.picture.is_owned_by(request.user):
        raise not_found("notice")
    case = object_to(person(request), notice.decision, notice.picture, body.reason)
    return Status(201, Reported(case=case.pk))
