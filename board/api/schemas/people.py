"""What people do around pictures, as it is sent and as it comes back: comments, favourites, notices, edits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from board.api.schemas.requests import Reason, Source, Storable, Title
from board.api.schemas.responses import PictureBrief, PublicId
from board.notice_words import Way


class Saying(Schema):
    """What somebody says below a picture."""

    text: Annotated[Storable, Field(description="Plain text of at most 2,000 characters; line breaks stay.")]


class CommentOut(Schema):
    """What somebody said below a picture."""

    id: int
    picture: PublicId
    author: str
    text: str
    created_at: datetime
    removable: Annotated[bool, Field(description="Whether the one who asks may remove it.")]


class CommentList(Schema):
    """A page of comments, oldest first."""

    items: list[CommentOut]
    next: str | None


class LikingOut(Schema):
    """How a picture is liked."""

    picture: PublicId
    favourites: Annotated[int, Field(description="How many people have it among their favourites.")]
    is_favourite: Annotated[bool, Field(description="Whether it is one of yours.")]


class FavouriteOut(Schema):
    """One of one's favourites."""

    id: int
    picture: PictureBrief
    created_at: datetime


class FavouriteList(Schema):
    """A page of one's favourites, newest first."""

    items: list[FavouriteOut]
    next: str | None


class NoticeOut(Schema):
    """What somebody else decided about one's picture. Who it was is not told."""

    id: int
    decision: int
    heading: str
    sentence: str
    reason: str
    picture: Annotated[PictureBrief | None, Field(description="Null when it is not yours and not published.")]
    way: Annotated[
        Way,
        Field(
            description="How to object: ask (at objection), asked already, undone since, too_late, or none needed."
        ),
    ]
    is_read: bool
    created_at: datetime


class NoticeList(Schema):
    """A page of notices, newest first."""

    items: list[NoticeOut]
    unread: Annotated[int, Field(description="How many are unread, on all pages.")]
    next: str | None


class Seen(Schema):
    """Which notices were read."""

    ids: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(min_length=1, max_length=100)]


class Marked(Schema):
    """How many of them were new, and how many are unread still."""

    marked: int
    unread: int


class Objection(Schema):
    """Why staff should look again."""

    reason: Annotated[Reason, Field(min_length=1)]


class NewWords(Schema):
    """What a picture's post is to say. A field that is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Hills", "tags": ["hills", "dusk"]}]})
    title: Title | None = None
    tags: Annotated[list[Title] | None, Field(max_length=200)] = None
    source: Source | None = None
    version: Annotated[
        Title,
        Field(description="The version that you have read: 409 when somebody changed the words since then."),
    ] = ""
    reason: Annotated[
        str, Field(max_length=500, description="Why; its uploader is told, when you are somebody else.")
    ] = ""


class WordsOut(Schema):
    """What a picture's post says now."""

    id: PublicId
    title: str
    tags: list[str]
    source: str
    version: str
    changed: Annotated[bool, Field(description="False when it said exactly that before.")]
