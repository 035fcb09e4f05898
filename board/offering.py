"""What the words of an upload would add to the picture that stays, and handing over what was chosen of them."""

from __future__ import annotations

from dataclasses import dataclass

from board.models import FURTHER_SOURCES, Post, Tag
from board.rewording import add_tags, reword
from dedupe.models import Decision, Picture


@dataclass(frozen=True)
class Offer:
    """Words that the one post has and the other lacks; ``title`` only where the other has none."""

    tags: tuple[str, ...] = ()
    source: str | None = None
    title: str | None = None

    def __bool__(self) -> bool:
        return bool(self.tags or self.source or self.title)


@dataclass(frozen=True)
class Chosen:
    """What a person wants to hand over: tags by name, and whether the source and the title go along."""

    tags: tuple[str, ...] = ()
    source: bool = False
    title: bool = False

    @classmethod
    def usual(cls, offered: Offer) -> Chosen:
        """What goes along unless somebody says otherwise: every tag and the source, not the title."""
        return cls(offered.tags, source=offered.source is not None)


def offer(upload_post: Post | None, canonical_post: Post | None) -> Offer:
    """What the post of an upload could add to that of the picture that stays; a picture may have no post."""
    if upload_post is None or canonical_post is None:
        return Offer()
    there = {tag.name for tag in canonical_post.tags.all()}
    return Offer(
        tags=tuple(tag.name for tag in upload_post.tags.all() if tag.name not in there),
        source=upload_post.source if _takes_source(canonical_post, upload_post.source) else None,
        title=None if canonical_post.title else upload_post.title or None,
    )


def _takes_source(post: Post, address: str) -> bool:
    known = {post.source, *post.further_sources}
    return bool(address) and address not in known and len(post.further_sources) < FURTHER_SOURCES


def hand_over(
    decision: Decision, upload_post: Post | None, canonical_post: Post | None, chosen: Chosen
) -> Offer:
    """Add the chosen words to the post that stays, each written down with ``decision`` for its undo.

    To be called in the transaction of the decision. What is not missing any more is passed over. Returns what was
    added.
    """
    if upload_post is None or canonical_post is None:
        return Offer()
    post = Post.objects.select_for_update().get(pk=canonical_post.pk)
    offered = offer(upload_post, post)
    added = Offer(
        tags=tuple(name for name in offered.tags if name in set(chosen.tags)),
        source=offered.source if chosen.source else None,
        title=offered.title if chosen.title else None,
    )
    add_tags(decision, post, Tag.objects.filter(name__in=added.tags))
    if added.source:
        _add_source(decision, post, added.source)
    if added.title:
        reword(decision, post, "title", added.title)
    return added


def pass_on(decision: Decision, upload: Picture, other: Picture, chosen: Chosen | None = None) -> Offer:
    """``hand_over`` between two pictures, which may lack a post; without a choice what is usual goes along."""
    posts = getattr(upload, "post", None), getattr(other, "post", None)
    return hand_over(decision, *posts, chosen or Chosen.usual(offer(*posts)))


def _add_source(decision: Decision, post: Post, address: str) -> None:
    if not post.source:
        reword(decision, post, "source", address)
        return
    reword(decision, post, "further_sources", [*post.further_sources, address])
