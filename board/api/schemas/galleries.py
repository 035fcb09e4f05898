"""Galleries: what may be sent, and what comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from board.api.schemas.requests import Line
from board.api.schemas.responses import PictureBrief, PublicId


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


GalleryTitle = Annotated[Line, Field(max_length=120), AfterValidator(_not_empty)]
Description = Annotated[Line, Field(max_length=1000)]


class NewGallery(Schema):
    """A gallery to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Lakes at dusk"}]})
    title: GalleryTitle
    description: Description = ""


class GalleryChange(Schema):
    """What is to be different; what is left out stays."""

    title: GalleryTitle | None = None
    description: Description | None = None


class AddedPicture(Schema):
    """Which picture is to stand at the end of a gallery."""

    picture: PublicId


class Aimed(Schema):
    """Where a picture is to go: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"place": 1}]})
    place: Annotated[int | None, Field(ge=1, le=1_000_000, description="1 is the first.")] = None
    step: Annotated[
        int | None, Field(ge=-1_000_000, le=1_000_000, description="Places later; below 0, earlier.")
    ] = None
    before: Annotated[PublicId | None, Field(description="Directly before this picture.")] = None

    @model_validator(mode="after")
    def names_one(self) -> Aimed:
        if sum(each is not None for each in (self.place, self.step, self.before)) != 1:
            raise ValueError("give exactly one of place, step and before")
        return self


class GalleryBrief(Schema):
    """A gallery in a list. ``pictures`` counts those that it shows."""

    id: int
    url: str
    title: str
    description: str
    owner: str
    pictures: int
    cover: PictureBrief | None
    created_at: datetime


class GalleryList(Schema):
    """A page of galleries, newest first."""

    items: list[GalleryBrief]
    next: Annotated[str | None, Field(description="The address of the next page.")]


class GalleryOut(GalleryBrief):
    """A gallery with a page of its pictures, in their order."""

    items: list[PictureBrief]
    next: Annotated[str | None, Field(description="The address of the next page.")]


class Added(Schema):
    """A picture stands in a gallery; ``added`` is false when it did so before."""

    added: bool


class Placed(Schema):
    """Where a picture stands now; 1 is the first."""

    place: int
