"""What hangs on a picture goes to the one that takes its place, and comes back when that is undone.

Tags, sources, comments, favourites and places in galleries are moved (``board.moves``). Ids that other systems use are
not: they are looked up through the redirect. Who has the kept picture as a favourite already, or in that gallery, is
left as is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.dispatch import receiver

from board.models import FURTHER_SOURCES, Post, Tag
from board.moves import move_all, moving, swap
from board.rewording import add_tags, reword
from dedupe.models import Decision, Picture
from dedupe.signals import picture_merged, picture_superseded
from dedupe.workflow.ledger import record

ADDRESS = "address"
"""The ledger's name for two addresses that were exchanged, with all that people had done there."""


@dataclass(frozen=True)
class Words:
    """The words of two posts put together."""

    title: str
    source: str
    further_sources: list[str]


@dataclass(frozen=True)
class Merge:
    """What would be moved when ``old`` leads to ``new``: rows by the ledger's names, tags by name, and new words."""

    rows: dict[str, int]
    tags: tuple[str, ...]
    title: str
    sources: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(any(self.rows.values()) or self.tags or self.title or self.sources)


def put_together(first: Post, second: Post) -> Words:
    """The first one's title and source, the second one's where it has none; all sources, each once."""
    sources = [first.source, *first.further_sources, second.source, *second.further_sources]
    source, *further = list(dict.fromkeys(filter(None, sources))) or [""]
    return Words(first.title or second.title, source, further[:FURTHER_SOURCES])


def preview(old: Picture, new: Picture) -> Merge:
    """What a merge of a published picture into another would move."""
    ours, theirs = new.post, old.post
    words = put_together(ours, theirs)
    known = {ours.source, *ours.further_sources}
    sources = (each for each in (words.source, *words.further_sources) if each and each not in known)
    return Merge(
        rows={name: rows.count() for name, rows in moving(old, new).items()},
        tags=tuple(_missing_tags(ours, theirs).values_list("name", flat=True)),
        title="" if ours.title else theirs.title,
        sources=tuple(sources),
    )


@receiver(picture_merged, sender=Picture)
def merge(old: Picture, new: Picture, decision: Decision, **_: object) -> None:
    """Move everything, row by row; the one that stays has the first word."""
    _add_words(old.post, new.post, decision, put_together(new.post, old.post))
    move_all(old, new, decision)


@receiver(picture_superseded, sender=Picture)
def supersede(old: Picture, new: Picture, decision: Decision, **_: object) -> None:
    """The address keeps its words, the better copy's come behind them; what people did and will do there follows it.

    What stood at the better copy's own address, as when it had been published before, is moved like that of any copy.
    """
    _add_words(old.post, new.post, decision, put_together(old.post, new.post))
    swap(old, new)
    record(decision, ADDRESS, old.pk, "picture_id", old.pk, new.pk)
    move_all(old, new, decision)


def _add_words(theirs: Post, post: Post, decision: Decision, words: Words) -> None:
    add_tags(decision, post, _missing_tags(post, theirs))
    for field, value in vars(words).items():
        reword(decision, post, field, value)


def _missing_tags(ours: Post, theirs: Post) -> QuerySet[Tag]:
    return theirs.tags.exclude(pk__in=ours.tags.all())
