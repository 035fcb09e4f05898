"""What staff did, out of the rows that each act leaves anyway: one list, newest first.

Decisions are append-only rows of the workflow; edits and removed comments name who did them; what was done in the
admin, and a gallery that staff took away, stands in Django's log of admin actions. Claims and skips are left out: they
lapse by themselves and change nothing for anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import F, Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from board.models import Comment, Edit, Gallery, User
from board.prose import listed
from dedupe.models import Decision, Role

_FIELDS = {"title": gettext_noop("title"), "source": gettext_noop("source"), "tags": gettext_noop("tags")}


@dataclass(frozen=True)
class Act:
    """One act of somebody of the staff: who, when, what in words, about what, where that is, and why."""

    at: datetime
    kind: str
    actor: str
    what: str
    about: str
    address: str
    reason: str


_Row = TypeVar("_Row", bound=Model)

KINDS: Mapping[str, str] = {
    "decision": gettext_noop("decisions"),
    "edit": gettext_noop("edits"),
    "comment": gettext_noop("removed comments"),
    "admin": gettext_noop("people, keys and the rest"),
}


def acts_of_staff(
    *, kind: str = "", person: str = "", before: datetime | None = None, most: int
) -> list[Act]:
    """The newest of them, of one kind or person if those are given, and done before a time. One query a kind."""
    found: list[Act] = []
    for name in [kind] if kind else KINDS:
        found += _SOURCES[name](person, before, most)
    return sorted(found, key=lambda act: act.at, reverse=True)[:most]


def note_gallery_removed(actor: User, gallery: Gallery) -> None:
    """Write down that staff took somebody's gallery away: the row itself goes, and its owner would be forgotten."""
    words = f"Took away the gallery “{gallery.title}” of {gallery.owner.get_username()}."
    LogEntry.objects.log_actions(actor.pk, [gallery], DELETION, words, single_object=True)


def _decisions(person: str, before: datetime | None, most: int) -> list[Act]:
    rows = Decision.objects.filter(role=Role.STAFF).select_related("actor", "picture")
    return [
        Act(
            at=row.created_at,
            kind="decision",
            actor="" if row.actor is None else row.actor.get_username(),
            what=_deed(row),
            about=_picture(row.picture.public_id),
            address=f"{reverse('picture', args=[row.picture.public_id])}?stay=1",
            reason=row.reason,
        )
        for row in _newest(rows, "created_at", "actor", person, before, most)
    ]


def _deed(row: Decision) -> str:
    return f"{row.get_kind_display()}: {row.get_verdict_display()}" if row.verdict else row.get_kind_display()


def _picture(public_id: str) -> str:
    return gettext("picture {name}").format(name=public_id)


def _field(name: str) -> str:
    return gettext(_FIELDS.get(name, name))


def _edits(person: str, before: datetime | None, most: int) -> list[Act]:
    rows = Edit.objects.exclude(editor=F("post__picture__owner")).select_related("editor", "post__picture")
    return [
        Act(
            at=row.created_at,
            kind="edit",
            actor=row.editor.get_username(),
            what=gettext("changed {fields}").format(fields=listed([_field(name) for name in row.after])),
            about=_picture(row.post.picture.public_id),
            address=f"{reverse('picture', args=[row.post.picture.public_id])}?stay=1",
            reason="",
        )
        for row in _newest(rows, "created_at", "editor", person, before, most)
    ]


def _comments(person: str, before: datetime | None, most: int) -> list[Act]:
    removed = Comment.objects.filter(removed_at__isnull=False).exclude(removed_by=F("author"))
    rows = removed.select_related("removed_by", "author", "picture")
    return [
        Act(
            at=row.removed_at,
            kind="comment",
            actor="" if row.removed_by is None else row.removed_by.get_username(),
            what=gettext("removed a comment of {name}").format(name=row.author.get_username()),
            about=_picture(row.picture.public_id),
            address=reverse("picture", args=[row.picture.public_id]),
            reason="",
        )
        for row in _newest(rows, "removed_at", "removed_by", person, before, most)
        if row.removed_at is not None
    ]


def _admin(person: str, before: datetime | None, most: int) -> list[Act]:
    rows = LogEntry.objects.select_related("user", "content_type")
    return [
        Act(
            at=row.action_time,
            kind="admin",
            actor=row.user.get_username(),
            what=row.get_change_message() or row.get_action_flag_display().lower(),
            about=f"{row.content_type} {row.object_repr}".strip() if row.content_type else row.object_repr,
            address=_admin_address(row),
            reason="",
        )
        for row in _newest(rows, "action_time", "user", person, before, most)
    ]


def _admin_address(row: LogEntry) -> str:
    if row.action_flag == DELETION:
        return ""
    try:
        return row.get_admin_url() or ""
    except NoReverseMatch:
        return ""


def _newest(
    rows: QuerySet[_Row], time: str, actor: str, person: str, before: datetime | None, most: int
) -> QuerySet[_Row]:
    if person:
        rows = rows.filter(**{f"{actor}__username__iexact": person})
    if before is not None:
        rows = rows.filter(**{f"{time}__lt": before})
    return rows.order_by(f"-{time}", "-pk")[:most]


_SOURCES: Mapping[str, Callable[[str, datetime | None, int], list[Act]]] = {
    "decision": _decisions,
    "edit": _edits,
    "comment": _comments,
    "admin": _admin,
}
