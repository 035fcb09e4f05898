"""Storage names, copies and failures, on the file system and on a real S3 server."""

import hashlib
import io

import pytest
from botocore.exceptions import EndpointConnectionError

from dedupe import storage
from dedupe.imaging import Rendition, RenditionKind

IMAGE = Rendition(kind=RenditionKind.SMALL, width=4, height=3, mime="image/jpeg", data=b"not looked at here")


def test_an_original_comes_back_byte_for_byte(place: str) -> None:
    data = bytes(range(256)) * 9000
    stored = storage.store_original(io.BytesIO(data))
    assert (stored.size_bytes, stored.checksum) == (len(data), hashlib.sha256(data).hexdigest())
    with storage.local_copy(stored.key) as (path, checksum):
        assert path.read_bytes() == data
        assert checksum == stored.checksum
    assert not path.exists()


def test_a_deleted_original_is_missing_and_deleting_it_again_is_no_error(place: str) -> None:
    key = storage.store_original(io.BytesIO(b"x")).key
    storage.delete_original(key)
    storage.delete_original(key)
    with pytest.raises(FileNotFoundError), storage.local_copy(key):
        pass


def test_a_rendition_is_named_by_its_content_and_written_once(place: str) -> None:
    key = storage.store_rendition("abc", IMAGE)
    assert storage.store_rendition("abc", IMAGE) == key
    assert key.endswith(".jpeg")
    with storage.renditions().open(key) as stored:
        assert stored.read() == IMAGE.data
    storage.delete_rendition(key)
    assert not storage.renditions().exists(key)


def test_a_rendition_that_was_written_in_part_is_written_anew(place: str) -> None:
    key = storage.store_rendition("abc", IMAGE)
    storage.delete_rendition(key)
    storage.renditions().save(key, io.BytesIO(IMAGE.data[:5]))
    assert storage.store_rendition("abc", IMAGE) == key
    assert storage.read_rendition(key) == IMAGE.data


def test_a_slow_store_is_given_up_before_the_task_is(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(storage.time, "monotonic", lambda: now[0])
    with storage.taking_at_most(10):
        for _ in range(3):
            with storage.storage_errors():
                now[0] += 4
        with pytest.raises(storage.StorageUnavailable, match="too slow"), storage.storage_errors():
            pass
    with storage.storage_errors():
        pass


@pytest.mark.hostile("fault: disk full")
def test_a_full_disk_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    key = storage.store_original(io.BytesIO(b"x" * 5_000_000)).key
    monkeypatch.setattr(storage.tempfile, "NamedTemporaryFile", lambda **_: io.FileIO("/dev/full", "wb"))
    with pytest.raises(storage.StorageUnavailable, match="No space"), storage.local_copy(key):
        pass


def test_what_the_libraries_raise_becomes_one_error() -> None:
    for error in (OSError("disk"), EndpointConnectionError(endpoint_url="http://nowhere")):
        with pytest.raises(storage.StorageUnavailable), storage.storage_errors():
            raise error
    with pytest.raises(FileNotFoundError), storage.storage_errors():
        raise FileNotFoundError
