"""How much one person may upload in a day: pictures and bytes, counted from the rows of their uploads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from board.limits.answers import please_wait
from board.models import User
from board.prose import number, plain
from dedupe.models import Picture
from dedupe.permissions import may_review

SPAN = timedelta(days=1)
_GB = 10**9


@dataclass(frozen=True)
class Quota:
    """At most so many pictures and bytes within ``SPAN``."""

    pictures: int
    size_bytes: int


class OverQuota(Exception):
    """This person has uploaded enough for now. ``str(error)`` is for them; ``seconds`` until there is room again."""

    def __init__(self, words: str, seconds: int) -> None:
        super().__init__(please_wait(words, seconds))
        self.seconds = seconds


def quota_of(person: User) -> Quota:
    """What this person may upload in a day; reviewers and who is above them more."""
    return Quota(**settings.QUOTAS["staff" if may_review(person) else "person"])


def check_quota(person: User, pictures: int, size_bytes: int) -> None:
    """Raise OverQuota when so much more, on top of what this person sent within a day, is above their quota.

    Everything that was sent counts, what was refused or taken back too: it all took the same work. Nothing is locked:
    files that one person sends at the same moment see the same count, so a quota may be passed by as many as travel
    at once, and those are counted by the next.
    """
    quota = quota_of(person)
    today = Q(created_at__gt=timezone.now() - SPAN)
    # No more rows are read than the quota has, however many this person has sent in years.
    newest = Picture.objects.filter(owner=person).order_by("-id")[: quota.pictures + 1]
    totals = newest.aggregate(
        pictures=Count("pk", filter=today), size_bytes=Sum("size_bytes", filter=today, default=0)
    )
    over = (
        totals["pictures"] + pictures - quota.pictures,
        totals["size_bytes"] + size_bytes - quota.size_bytes,
    )
    if max(over) > 0:
        raise OverQuota(_words(quota, over[0] > 0), _seconds_until(person, *over))


def _words(quota: Quota, is_number: bool) -> str:
    if is_number:
        words = _("You can upload {count} pictures in a day, and this would be more.")
        return words.format(count=number(quota.pictures))
    words = _("You can upload {size} GB of pictures in a day, and this would be more.")
    return words.format(size=plain(quota.size_bytes / _GB))


def _seconds_until(person: User, pictures: int, size_bytes: int) -> int:
    """Until as much of what was sent is older than a day; a whole day when that would still not do."""
    now = timezone.now()
    sent = Picture.objects.filter(owner=person, created_at__gt=now - SPAN)
    for at, size in sent.order_by("created_at", "id").values_list("created_at", "size_bytes"):
        pictures, size_bytes = pictures - 1, size_bytes - size
        if pictures <= 0 and size_bytes <= 0:
            return max(1, ceil((at + SPAN - now).total_seconds()))
    return int(SPAN.total_seconds())
