"""Uploads whose bytes do not come with the request: what is sent for them, and what comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from board.api.schemas.requests import Line, UploadWords
from board.api.schemas.responses import PublicId


class Announced(UploadWords):
    """A file that will be sent, and what may be said of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "hills.jpg", "type": "image/jpeg", "size": 123456}]}
    )
    name: Annotated[Line, Field(max_length=255)] = ""
    type: Annotated[
        Line,
        Field(max_length=40, description="image/jpeg, image/png, image/gif, image/webp or image/avif."),
    ]
    size: Annotated[int, Field(ge=0, le=2**62, description="Its bytes, exactly.")]
    sha256: Annotated[
        str,
        StringConstraints(to_lower=True, pattern=r"^([0-9a-fA-F]{64})?$"),
        Field(description="If given, other bytes are refused."),
    ] = ""


class SignedFormOut(Schema):
    """A form (multipart/form-data) that takes the file: first these fields, then ``file``."""

    id: PublicId
    url: Annotated[str, Field(description="Where to post it.")]
    fields: dict[str, str]
    expires: datetime
    complete_url: Annotated[str, Field(description="Where to say that it was sent.")]


class FromAddress(UploadWords):
    """A picture on the web, and what may be said of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://pictures.example.org/hills.jpg"}]}
    )
    url: Annotated[Line, Field(min_length=1, max_length=2000)]
