"""What comes back, as types that describe themselves in the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from dedupe.imaging import Beyond, Method, Relation
from dedupe.models import CheckOutcome, DecisionKind, Role, State, Verdict

PublicId = Annotated[str, Field(description="The random name of a picture.", examples=["k7mq2xw9hd4bzt"])]


class PictureBrief(Schema):
    """A picture in a list."""

    id: PublicId
    url: str
    thumbnail: str | None
    title: str
    width: int | None
    height: int | None


class PictureOut(PictureBrief):
    """A published picture."""

    image: str | None
    tags: list[str]
    source: str
    version: Annotated[str, Field(description="Changes with title, tags and source; PATCH takes it.")]
    external_id: str
    attributes: dict[str, Any]
    uploader: str | None
    format: str
    size_bytes: int
    sha256: str
    damaged: bool
    published_at: datetime | None
    variants: list[PictureBrief]
    redirects: Annotated[list[str], Field(description="Ids of uploads whose address leads here.")]


class PictureList(Schema):
    """A page of published pictures, newest first."""

    items: list[PictureBrief]
    next: Annotated[str | None, Field(description="The address of the next page.")]


class Redirect(Schema):
    """The picture is published under another id."""

    id: PublicId
    duplicate_of: PublicId


class Known(Schema):
    """Whether a file is published already."""

    known: bool
    picture: PictureBrief | None


class Accepted(Schema):
    """The upload is stored; it will be compared now."""

    id: PublicId
    state: State
    url: str
    status_url: str


class GeometryOut(Schema):
    """How the given picture lies on the published one. Of each pair, the published picture's comes first."""

    views: Annotated[tuple[str, str], Field(description="Which views of them were laid over each other.")]
    method: Annotated[Method, Field(description="By local features, or frame on frame.")]
    matrix: Annotated[
        tuple[float, float, float, float, float, float],
        Field(
            description="Maps places of the given picture to the published one, row by row, in longest sides."
        ),
    ]
    turned: Annotated[
        float,
        Field(description="Degrees, −180 to 180, by which a clockwise turn of the given one brings it back."),
    ]
    mirrored: Annotated[bool, Field(description="Whether it must be mirrored, left to right, before that.")]
    scale: Annotated[
        float, Field(description="Length on the published picture of one unit of the given one.")
    ]
    covered: Annotated[tuple[float, float], Field(description="Share of the area that is common, 0 to 1.")]
    beyond: Annotated[tuple[Beyond, Beyond], Field(description="What each shows outside of the common part.")]


Cut = Annotated[list[str], Field(description="Names of the bounds that left something out.")]
NotSearched = Annotated[
    list[str], Field(description="Routes that could not be searched: there may be more than this.")
]
Limits = Annotated[
    list[str], Field(description="The same in sentences for people; empty when all was looked at.")
]

SamePicture = Annotated[
    bool, Field(description="Whether the relation claims one picture, rather than two versions of one.")
]
MaybeGeometry = Annotated[
    GeometryOut | None, Field(description="Null where only equal bytes or pixels are known.")
]


class MatchOut(Schema):
    """A published picture that the upload looks like. ``distance`` is 0 to 256 bits, lower is closer."""

    id: int
    picture: PictureBrief
    relation: Relation
    same_picture: SamePicture
    probability: float
    distance: int | None
    evidence: dict[str, float]
    geometry: MaybeGeometry
    routes: list[str]
    confident: bool
    verdict: Verdict | None


class DecisionOut(Schema):
    """One act of one person, or of the machine. ``by`` is named to oneself and to staff."""

    id: int
    kind: DecisionKind
    upload: PublicId
    match: int | None
    role: Role
    by: str | None
    verdict: Verdict | None
    upheld: bool | None
    reason: str
    undoes: int | None
    undone: bool
    created_at: datetime


class UploadOut(Schema):
    """An upload as its uploader and staff see it."""

    id: PublicId
    state: State
    check: CheckOutcome
    reason: Annotated[str, Field(description="What this state means, in a sentence.")]
    refusal: str | None
    url: str
    picture_url: Annotated[str | None, Field(description="The page of the picture, once it is published.")]
    duplicate_of: PublicId | None
    file_name: str
    width: int | None
    height: int | None
    format: str | None
    size_bytes: int
    sha256: str
    damaged: bool
    created_at: datetime
    matches: list[MatchOut]
    cut: Cut
    not_searched: NotSearched
    limits: Limits
    decisions: list[DecisionOut]


class UploadBrief(Schema):
    """An upload in a list."""

    id: PublicId
    state: State
    check: CheckOutcome
    reason: str
    file_name: str
    title: str
    created_at: datetime
    url: str
    status_url: str


class UploadList(Schema):
    """A page of one's own uploads, newest first."""

    items: list[UploadBrief]
    next: str | None


class Decided(Schema):
    """A decision was made, and where the upload stands now."""

    decision: int
    upload: UploadOut


class DecisionList(Schema):
    """A page of decisions, newest first."""

    items: list[DecisionOut]
    next: str | None


class Similar(Schema):
    """A published picture with its distances from the one that was asked about."""

    picture: PictureBrief
    distance: int
    phash_distance: int
    probability: float
    relation: Relation
    same_picture: SamePicture
    geometry: MaybeGeometry


class SearchOut(Schema):
    """The nearest published pictures, the likeliest first."""

    results: list[Similar]
    too_little_detail: Annotated[
        bool, Field(description="Only the same pixels can be found for such a picture.")
    ]
    cut: Cut
    not_searched: NotSearched
    limits: Limits


class Reported(Schema):
    """A report was filed."""

    case: int


class FieldError(Schema):
    """One thing that does not fit in a request."""

    where: str
    field: str
    message: str


class ProblemOut(Schema):
    """A problem document (RFC 9457), ``application/problem+json``."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None
    request_id: str | None = None
