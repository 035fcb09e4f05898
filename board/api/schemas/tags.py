"""Tags: how their beginning may be sent, and what comes back."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field

from board.api.schemas.requests import Line
from board.models import Tag


class TagOut(Schema):
    """A tag, and how many published pictures have it, counted up to a thousand."""

    name: str
    uses: int


class TagList(Schema):
    """Tags that begin alike."""

    items: list[TagOut]


def _first_tag(text: str) -> str:
    """The beginning of a tag as tags are written."""
    return next(iter(Tag.names_in(f"{text},")), "")


Prefix = Annotated[
    Line,
    Field(max_length=60, description="How the tags begin, in any spelling that a tag may be typed in."),
    AfterValidator(_first_tag),
]
