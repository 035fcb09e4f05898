"""What lies in storage is listed with its times, on the file system and on a real S3 server."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dedupe import storage
from dedupe.listing import PREFIXES, keys_older_than, objects_under, prefixes_in_use


def test_objects_are_listed_under_their_prefix(place: str) -> None:
    key = storage.store_original(io.BytesIO(b"x")).key
    (found,) = objects_under(storage.originals(), key[:2])
    assert found.key == key
    assert abs(timezone.now() - found.modified_at) < timedelta(minutes=1)
    assert prefixes_in_use() == [key[:2]]
    empty = next(prefix for prefix in PREFIXES if prefix != key[:2])
    assert objects_under(storage.originals(), empty) == []


def test_what_was_written_before_a_moment_is_told_from_what_came_after(place: str) -> None:
    key, soon = storage.store_original(io.BytesIO(b"x")).key, timezone.now() + timedelta(minutes=1)
    assert keys_older_than(soon, storage.originals(), key[:2]) == [key]
    assert keys_older_than(soon - timedelta(minutes=2), storage.originals(), key[:2]) == []


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_a_bucket_is_listed_with_one_request(place: str) -> None:
    asked: list[str] = []
    originals: Any = storage.originals()
    for number in range(3):
        originals.save(f"incoming/{number}", io.BytesIO(b"x"))
    events = originals.bucket.meta.client.meta.events
    events.register("before-call.s3", lambda model, **_: asked.append(model.name), unique_id="counted")
    try:
        assert [found.key for found in objects_under(originals, "incoming")] == [
            "incoming/0", "incoming/1", "incoming/2",
        ]  # fmt: skip
    finally:
        events.unregister("before-call.s3", unique_id="counted")
    assert asked == ["ListObjects"]
