"""The board's side of an undo: its own ledger entries are taken back, unless somebody has changed the thing since."""

from __future__ import annotations

from collections import Counter

from django.db.models import Model
from django.dispatch import receiver
from django.utils.translation import ngettext

from board.merging import ADDRESS
from board.models import Post, Tag
from board.moves import MOVED, swap, take_back
from dedupe.models import Decision, LedgerEntry, Picture
from dedupe.signals import entry_undone
from dedupe.workflow.ledger import SITE, record

_ROWS: dict[str, type[Model]] = {"post": Post, **MOVED}
_LISTS = {"tags", "further_sources"}
_CALLED = ("title", "source", "comment", "favourite", "gallery_place")


@receiver(entry_undone, sender=LedgerEntry)
def restore(entry: LedgerEntry, undo: Decision, **_: object) -> None:
    """Put back what one entry changed. Of lists of tags and sources exactly what came is taken away again."""
    name = entry.model.removeprefix(SITE)
    if name == ADDRESS:
        _swap_back(entry, undo)
    elif name in MOVED:
        take_back(entry, undo)
    else:
        post = Post.objects.filter(pk=entry.row).first()
        if post is not None and not has_drifted(entry, post):
            _reword(post, entry, undo)


def _swap_back(entry: LedgerEntry, undo: Decision) -> None:
    """What was done at the address meanwhile goes with it to the picture that has it again."""
    pictures = Picture.objects.in_bulk([int(str(entry.before)), int(str(entry.after))])
    now, then = pictures[int(str(entry.after))], pictures[int(str(entry.before))]
    swap(now, then)
    record(undo, ADDRESS, entry.row, "picture_id", now.pk, then.pk)


def _reword(post: Post, entry: LedgerEntry, undo: Decision) -> None:
    if entry.field == "tags":
        _swap_tags(post, entry)
        record(undo, "post", post.pk, "tags", entry.after, entry.before)
        return
    now = getattr(post, entry.field)
    value = _without(now, entry) if entry.field in _LISTS else entry.before
    Post.objects.filter(pk=post.pk).update(**{entry.field: value})
    record(undo, "post", post.pk, entry.field, now, value)


def has_drifted(entry: LedgerEntry, row: Model | None) -> bool:
    """Whether the thing is gone, or words are no longer what the entry made of them.

    Lists are put back thing by thing, and what was moved goes where the moves that stand lead it.
    """
    if row is None:
        return True
    return isinstance(row, Post) and entry.field not in _LISTS and getattr(row, entry.field) != entry.after


def what_stays(decision: Decision) -> list[str]:
    """In words, what an undo of the decision would leave alone because it was changed or removed since."""
    counted: Counter[str] = Counter()
    entries = list(decision.ledger.filter(model__startswith=SITE))
    for name, model in _ROWS.items():
        own = [entry for entry in entries if entry.model == SITE + name]
        rows = model._default_manager.in_bulk({entry.row for entry in own}) if own else {}
        drifted = [entry for entry in own if has_drifted(entry, rows.get(entry.row))]
        counted.update(entry.field if name == "post" else name for entry in drifted)
    return [_stays(what, count) for what, count in counted.items() if what in _CALLED]


def _stays(what: str, count: int) -> str:
    words = {
        "title": ngettext(
            "The title was changed or removed since, and stays as it is.",
            "{count} titles were changed or removed since, and stay as they are.",
            count,
        ),
        "source": ngettext(
            "The source was changed or removed since, and stays as it is.",
            "{count} sources were changed or removed since, and stay as they are.",
            count,
        ),
        "comment": ngettext(
            "A comment was changed or removed since, and stays as it is.",
            "{count} comments were changed or removed since, and stay as they are.",
            count,
        ),
        "favourite": ngettext(
            "A favourite was changed or removed since, and stays as it is.",
            "{count} favourites were changed or removed since, and stay as they are.",
            count,
        ),
        "gallery_place": ngettext(
            "A place in a gallery was changed or removed since, and stays as it is.",
            "{count} places in galleries were changed or removed since, and stay as they are.",
            count,
        ),
    }
    return words[what].format(count=count)


def _swap_tags(post: Post, entry: LedgerEntry) -> None:
    if entry.before is None:
        post.tags.remove(*Tag.objects.filter(pk=int(str(entry.after))))
    else:
        post.tags.add(*Tag.objects.filter(pk=int(str(entry.before))))


def _without(now: list[str], entry: LedgerEntry) -> list[str]:
    """The list as it is, less what the entry added, and with what it took away behind."""
    before, after = list(entry.before or []), list(entry.after or [])
    if now == after:
        return before
    kept = [each for each in now if each in before or each not in after]
    return kept + [each for each in before if each not in after and each not in kept]
