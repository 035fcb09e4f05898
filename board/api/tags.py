"""Tags that pictures have, for whoever types the beginning of one."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from board.api.authentication import everybody
from board.api.schemas.tags import Prefix, TagList, TagOut
from board.tags import suggest_tags

router = Router(tags=["tags"], auth=everybody)

_Limit = Annotated[int, Field(ge=1, le=20, description="At most so many tags.")]


@router.get("tags", response=TagList, summary="Tags that begin with a prefix")
def list_tags(request: HttpRequest, prefix: Query[Prefix], limit: _Limit = 10) -> TagList:
    """That very tag first, then the most used ones. Only what published pictures have is listed and counted."""
    found = suggest_tags(prefix, limit) if prefix else []
    return TagList(items=[TagOut(name=tag.name, uses=tag.uses) for tag in found])  # type: ignore[attr-defined]
