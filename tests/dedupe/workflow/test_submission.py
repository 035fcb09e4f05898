"""The first step: bytes are stored, a row says so, and the site hears of it."""

import hashlib
import io
from typing import Any

import pytest

from board.models import User
from board.settings import bucket_storage
from dedupe import storage, workflow
from dedupe.imaging import Limits
from dedupe.models import Picture, State
from dedupe.storage import StorageUnavailable
from tests.dedupe.conftest import jpeg, scene, submit

pytestmark = pytest.mark.django_db


def test_the_stored_bytes_are_those_that_arrived(alice: User) -> None:
    data = jpeg(scene())
    picture = submit(alice, data)
    assert (picture.state, picture.size_bytes) == (State.STAGED, len(data))
    assert picture.checksum == hashlib.sha256(data).hexdigest()
    with storage.originals().open(picture.storage_key) as stored:
        assert stored.read() == data


@pytest.mark.hostile("input 13")
def test_nothing_that_a_person_typed_reaches_the_storage_name(alice: User) -> None:
    picture = submit(alice, jpeg(scene()), '../../"><svg onload=alert(1)>\x00\u202egpj.exe')
    assert set(picture.storage_key) <= set("0123456789abcdef/")
    assert "\x00" not in picture.file_name


@pytest.mark.parametrize("name", ["x" * 300, "", "😀.png"])
@pytest.mark.hostile("input 13")
def test_any_file_name_is_kept_within_bounds(alice: User, name: str) -> None:
    assert submit(alice, jpeg(scene()), name).file_name == name[:255]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 not a picture", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"hello", None),
    ],
)
@pytest.mark.hostile("input 9")
def test_what_is_no_picture_by_its_first_bytes_is_rejected_with_a_reason_and_not_stored(
    alice: User, data: bytes, refusal: str | None
) -> None:
    picture = submit(alice, data)
    assert picture.state == State.REJECTED
    assert picture.storage_key == ""
    assert picture.refusal == refusal if refusal else picture.refusal


def test_too_many_bytes_are_refused_before_they_are_stored(alice: User) -> None:
    data = jpeg(scene())
    picture = workflow.submit_picture(alice, io.BytesIO(data), size=Limits().max_bytes + 1)
    assert (picture.state, picture.refusal) == (State.REJECTED, "too_many_bytes")


def test_a_storage_that_is_down_acknowledges_nothing(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise OSError("no route to the disk")

    monkeypatch.setattr(type(storage.originals()), "save", refuse)
    with pytest.raises(StorageUnavailable):
        submit(alice, jpeg(scene()))
    assert not Picture.objects.exists()


def test_the_site_writes_a_post_in_the_same_transaction(alice: User) -> None:
    picture = submit(alice, jpeg(scene()), title="Lake", tags=["lake", "dusk"], source="https://example.org/")
    assert (picture.post.title, picture.post.source) == ("Lake", "https://example.org/")
    assert sorted(tag.name for tag in picture.post.tags.all()) == ["dusk", "lake"]


@pytest.mark.hostile("fault: S3 503")
def test_an_s3_server_that_refuses_acknowledges_nothing(alice: User, settings: Any) -> None:
    nowhere = {
        "DOPPEL_S3_ENDPOINT_URL": "http://127.0.0.1:1",
        "DOPPEL_S3_ACCESS_KEY_ID": "key",
        "DOPPEL_S3_SECRET_ACCESS_KEY": "secret",
    }
    settings.STORAGES = settings.STORAGES | {"originals": bucket_storage("originals", nowhere)}
    with pytest.raises(StorageUnavailable):
        submit(alice, jpeg(scene()))
    assert not Picture.objects.exists()
