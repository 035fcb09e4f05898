"""Changing what a post says after its upload: by its uploader or staff, with a record, never over unseen words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from board.models import Edit, Post, Tag, User
from board.rewording import add_tags, remove_tags, reword
from dedupe.errors import Conflict, NotAllowed
from dedupe.models import Decision, Picture, State
from dedupe.permissions import may_take_back
from dedupe.workflow.edits import decide_edit
from dedupe.workflow.ledger import lock_pictures

_SHOWN_TO_SOMEBODY = {State.STAGED, State.ANALYSING, State.HELD, State.LIVE}


class EditedMeanwhile(Conflict):
    """The post does not say any more what its editor saw."""


@dataclass(frozen=True)
class Words:
    """What a post says; ``tags`` are names, sorted."""

    title: str
    source: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, post: Post) -> Words:
        return cls(post.title, post.source, tuple(sorted(tag.name for tag in post.tags.all())))

    @property
    def version(self) -> str:
        """A short name of exactly these words, so that an editor can say which ones they saw."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Change:
    """What a post is to say; None leaves a field as it is."""

    title: str | None = None
    source: str | None = None
    tags: tuple[str, ...] | None = None

    def applied_to(self, words: Words) -> Words:
        given = {name: value for name, value in asdict(self).items() if value is not None}
        if self.tags is not None:
            given["tags"] = tuple(sorted(set(self.tags)))
        return replace(words, **given)


def is_editable(picture: Picture) -> bool:
    """Whether what a picture's post says is of use to anybody: it is published, or on its way there."""
    return picture.state in _SHOWN_TO_SOMEBODY


def may_edit(user: Any, picture: Picture) -> bool:
    """Whether this person may change what a picture's post says: its uploader and moderators."""
    return may_take_back(user, picture)


def edit_post(
    editor: User, picture: Picture, change: Change, seen: str = "", reason: str = ""
) -> Edit | None:
    """Change a post's words, and write down who did; None when it says that already.

    What staff change on somebody else's post is a decision with its ``reason``: its uploader is told, and it can be
    undone. ``seen`` is the version of the words that the editor had before them; without it they are not compared.
    Raises NotAllowed, EditedMeanwhile, and Conflict when the picture is neither published nor on its way there.
    """
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if not may_edit(editor, locked):
            raise NotAllowed(_("Only its uploader and moderators may edit this."))
        if not is_editable(locked):
            raise Conflict(
                _("This cannot be edited any more: the picture is {state}.").format(
                    state=locked.get_state_display()
                )
            )
        post = Post.objects.select_for_update(no_key=True).get(picture=locked)
        before = Words.of(post)
        if seen and seen != before.version:
            raise EditedMeanwhile(_("Somebody changed this while you were typing."))
        after = change.applied_to(before)
        if after == before:
            return None
        if locked.is_owned_by(editor):
            _write(post, before, after)
        else:
            _write_by_decision(decide_edit(editor, locked, reason), post, before, after)
        return note_change(editor, post, before, after)


def _write(post: Post, before: Words, after: Words) -> None:
    post.title, post.source = after.title, after.source
    post.save(update_fields=["title", "source"])
    if after.tags != before.tags:
        post.tags.set(Tag.of_names(after.tags))


def _write_by_decision(decision: Decision, post: Post, before: Words, after: Words) -> None:
    """With entries in the ledger, so that an undo puts back the title, the source, and the tags that came and went."""
    reword(decision, post, "title", after.title)
    reword(decision, post, "source", after.source)
    add_tags(decision, post, Tag.of_names(set(after.tags) - set(before.tags)))
    remove_tags(decision, post, Tag.of_names(set(before.tags) - set(after.tags)))


def note_change(editor: User, post: Post, before: Words, after: Words) -> Edit | None:
    """Keep what a post said before and after a change of its words; None when they say the same."""
    old, new = asdict(before), asdict(after)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return None
    return Edit.objects.create(
        post=post,
        editor=editor,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )
