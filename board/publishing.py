"""How the board follows its pictures: a post for each upload, and tags that move with a better copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from board.models import Post, Tag
from dedupe.models import Decision, LedgerEntry, Picture
from dedupe.signals import entry_undone, picture_submitted, picture_superseded
from dedupe.workflow.ledger import record

_TEXT_FIELDS = ("title", "source")


@receiver(picture_submitted, sender=Picture)
def write_post(picture: Picture, details: Mapping[str, Any], **_: object) -> None:
    """Write the post of a new upload. ``details``: title, tags (names), source, external_id, attributes."""
    post = Post.objects.create(
        picture=picture,
        title=str(details.get("title", ""))[:200],
        source=str(details.get("source", ""))[:500],
        external_id=str(details.get("external_id", ""))[:200],
        attributes=details.get("attributes") or {},
    )
    if tags := details.get("tags"):
        post.tags.set(Tag.of_names(tags))


@receiver(picture_superseded, sender=Picture)
def carry_over_words(old: Picture, new: Picture, decision: Decision, **_: object) -> None:
    """Give the better copy the tags that it lacks, and the title and source where it has none."""
    theirs, ours = old.post, new.post
    missing = theirs.tags.exclude(pk__in=ours.tags.all())
    for tag in missing:
        ours.tags.add(tag)
        record(decision, "post", ours.pk, "tags", None, tag.pk)
    for field in _TEXT_FIELDS:
        before, after = getattr(ours, field), getattr(theirs, field)
        if after and not before:
            setattr(ours, field, after)
            ours.save(update_fields=[field])
            record(decision, "post", ours.pk, field, before, after)


@receiver(entry_undone, sender=LedgerEntry)
def take_words_back(entry: LedgerEntry, undo: Decision, **_: object) -> None:
    """Undo one thing that was carried over, unless somebody has changed it since."""
    post = Post.objects.get(pk=entry.row)
    if entry.field == "tags":
        if entry.before is None:
            post.tags.remove(*Tag.objects.filter(pk=int(str(entry.after))))
        else:
            post.tags.add(*Tag.objects.filter(pk=int(str(entry.before))))
    elif getattr(post, entry.field) == entry.after:
        setattr(post, entry.field, entry.before)
        post.save(update_fields=[entry.field])
    record(undo, "post", entry.row, entry.field, entry.after, entry.before)
