"""What may be sent, as types that check it. Text that the database could not hold is refused here."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from dedupe.models import Verdict
from dedupe.workflow import Resolution

_MOST_ATTRIBUTE_BYTES = 16_384
_web_address = URLValidator(schemes=["http", "https"])


def _storable(text: str) -> str:
    """Refuse what no text column holds: NUL, and halves of surrogate pairs."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain NUL or broken characters")
    return text


def _source(text: str) -> str:
    if text:
        try:
            _web_address(text)
        except ValidationError as error:
            raise ValueError("must be an address that begins with http:// or https://") from error
    return text


def _attributes(text: object) -> object:
    """Read the JSON object that came as text, or as it is in a body of JSON. Raises ValueError."""
    if isinstance(text, dict):
        text = json.dumps(text)
    if not isinstance(text, str) or not text.strip():
        return text or {}
    if len(text.encode(errors="replace")) > _MOST_ATTRIBUTE_BYTES:
        raise ValueError(f"must be at most {_MOST_ATTRIBUTE_BYTES} bytes")
    try:
        value = json.loads(text)
        plain = _storable(json.dumps(value, ensure_ascii=False, allow_nan=False))
        if "\\u0000" in plain:
            raise ValueError("must not contain NUL")
    except RecursionError as error:
        raise ValueError("must not be nested so deeply") from error
    if not isinstance(value, dict):
        raise ValueError("must be a JSON object")
    return value


Storable = Annotated[str, AfterValidator(_storable)]
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_storable)]
Title = Annotated[Line, Field(max_length=200)]
Source = Annotated[Line, Field(max_length=500), AfterValidator(_source)]
Reason = Annotated[Line, Field(max_length=500)]
Limit = Annotated[int, Field(ge=1, le=50, description="At most so many pictures.")]


class Precheck(Schema):
    """The checksum of a file that somebody is about to send."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sha256": "9f86d081884c7d65" * 4}]})
    sha256: Annotated[str, StringConstraints(to_lower=True, pattern=r"^[0-9a-fA-F]{64}$")]


class UploadWords(Schema):
    """What may be said of an upload, beside its file."""

    title: Title = ""
    tags: Annotated[
        Line, Field(max_length=2000, description="Separated by commas.", examples=["sea, night"])
    ] = ""
    source: Source = ""
    external_id: Title = ""
    attributes: Annotated[
        dict[str, Any],
        BeforeValidator(_attributes, json_schema_input_type=str),
        Field(description="A JSON object as text.", examples=['{"shelf": "B4"}']),
    ] = {}


class HandOver(Schema):
    """Which words of an upload go along to the picture that stays. What is not missing there is passed over."""

    tags: Annotated[
        list[Annotated[Line, Field(max_length=60)]],
        Field(max_length=200, description="The names of tags of the upload."),
    ] = []
    source: Annotated[bool, Field(description="Its source, beside the one that is there.")] = False
    title: Annotated[bool, Field(description="Its title, where the picture that stays has none.")] = False


def _yes_no_or_words(value: object) -> object:
    """Any other value would pass for an object without attributes, each of which may be missing."""
    if not isinstance(value, bool | dict):
        raise ValueError("is true, false, or an object of tags, source and title")
    return value


class Answer(Schema):
    """What the uploader says of an upload and one picture that it looks like."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"verdict": "different", "match": 12, "reason": "Another evening"}]}
    )
    verdict: Verdict
    match: Annotated[int | str, Field(description="The number of the match, or the id of the other picture.")]
    reason: Reason = ""
    hand_over: Annotated[
        bool | HandOver,
        BeforeValidator(_yes_no_or_words),
        Field(
            description="With *same*: the words of the upload that go along to the picture that stays. "
            "*true*: every missing tag and the source; *false*: none."
        ),
    ] = True


class Report(Schema):
    """What is wrong with a published picture."""

    reason: Annotated[Reason, Field(min_length=1)]
    duplicate_of: Annotated[str | None, Field(description="The id of the picture that it repeats.")] = None


class Matching(Schema):
    """Whether a picture is compared with uploads, and why that is changed."""

    blocked: bool
    reason: Annotated[Reason, Field(min_length=1)]


class Ruling(Schema):
    """How staff close a case: by what the pictures are to each other, or by agreeing with what was said before.

    Exactly one of ``resolution`` and ``uphold`` is given. The case lists the resolutions that make sense for it.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"resolution": "keep_older", "reason": "Seen"}]}
    )
    resolution: Resolution | None = None
    uphold: bool | None = None
    reason: Reason = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Ruling:
        if (self.resolution is None) == (self.uphold is None):
            raise ValueError("give either a resolution or uphold")
        return self


class PictureFilter(Schema):
    """Which published pictures to list."""

    tag: Annotated[Line, Field(max_length=60)] = ""
    external_id: Title = ""
    before: Annotated[Line | None, Field(description="The id of the last picture of the page before.")] = None


class SearchOptions(Schema):
    """How much a search gives."""

    limit: Limit = 10
