"""Forms to storage, against a real S3 server: it takes what was signed and nothing else."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from board.models import User
from board.settings import bucket_storage
from dedupe import incoming, storage, workflow
from dedupe.models import Delivery, Picture, State
from dedupe.workflow import sweep
from tests.servers.s3 import Bucket
from tests.uploads import jpeg, scene

DATA = jpeg(scene())
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_bucket(s3: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store in the bucket, which people reach too."""
    places = {name: bucket_storage(name, s3.environment()) for name in ("originals", "renditions")}
    settings.STORAGES = settings.STORAGES | places | {"direct": bucket_storage("originals", s3.environment())}
    settings.DEDUPE = {"orphan_grace_seconds": 0}
    for module in ("deliveries", "receiving"):
        monkeypatch.setattr(f"dedupe.workflow.{module}.ring", lambda *_: True)


def announce(owner: User, data: bytes = DATA) -> Delivery:
    return workflow.announce_upload(owner, mime="image/jpeg", size_bytes=len(data))


def sign(delivery: Delivery, seconds: int = 900) -> incoming.SignedForm:
    return incoming.sign_form(
        delivery.key, mime=delivery.mime, size_bytes=delivery.size_bytes, seconds=seconds
    )


def post(
    form: incoming.SignedForm, changed: Mapping[str, str | None] | None = None, data: bytes = DATA
) -> int:
    """Send a form, some of its fields changed, added or (None) left out; the status of the answer."""
    fields = {name: value for name, value in {**form.fields, **(changed or {})}.items() if value is not None}
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'.encode() + data
    )
    body = b"".join([*parts, file, f"\r\n--{boundary}--\r\n".encode()])
    address = urlsplit(form.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    try:
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        connection.request("POST", address.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_the_signed_form_puts_the_file_at_its_place_and_a_worker_takes_it_over(
    alice: User, s3: Bucket
) -> None:
    delivery = announce(alice)
    assert post(sign(delivery)) == 204
    assert s3.objects() == [f"originals/{delivery.key}"]
    picture = workflow.complete_upload(delivery)
    workflow.receive_picture(picture.pk)
    picture.refresh_from_db()
    assert s3.objects() == [f"originals/{picture.storage_key}"]
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert picture.state == State.LIVE


FORGERIES: dict[str, Callable[[incoming.SignedForm], tuple[Mapping[str, str | None], bytes]]] = {
    "one byte more": lambda form: ({}, DATA + b"x"),
    "much more": lambda form: ({}, DATA * 40),
    "one byte less": lambda form: ({}, DATA[:-1]),
    "another key": lambda form: ({"key": form.fields["key"][:-1] + "z"}, DATA),
    "a key of what is kept": lambda form: ({"key": "originals/ab/" + "0" * 32}, DATA),
    "a rendition": lambda form: ({"key": "renditions/ab/x.jpeg"}, DATA),
    "another type": lambda form: ({"Content-Type": "text/html"}, DATA),
    "no type": lambda form: ({"Content-Type": None}, DATA),
    "another policy": lambda form: ({"policy": form.fields["policy"][:-8] + "AAAAAAA="}, DATA),
    "no policy": lambda form: ({"policy": None}, DATA),
    "another signature": lambda form: ({"x-amz-signature": "0" * 64}, DATA),
    "no signature": lambda form: ({"x-amz-signature": None}, DATA),
    "another signer": lambda form: (
        {"x-amz-credential": form.fields["x-amz-credential"].replace("doppel", "x")},
        DATA,
    ),
    "public for all": lambda form: ({"acl": "public-read"}, DATA),
    "a redirect": lambda form: ({"success_action_redirect": "http://a.test/"}, DATA),
    "more metadata": lambda form: ({"x-amz-meta-more": "1"}, DATA),
}


@pytest.mark.hostile("input 14")
def test_a_forged_form_is_refused_by_the_server(alice: User, s3: Bucket) -> None:
    answers = {}
    for name, forge in FORGERIES.items():
        form = sign(announce(alice))
        changed, data = forge(form)
        answers[name] = post(form, changed, data)
    assert s3.objects() == []
    wrong = {name: status for name, status in answers.items() if status not in {400, 403}}
    assert wrong == {}
    assert {name for name, status in answers.items() if status == 400} <= MALFORMED


MALFORMED = {"one byte more", "much more", "one byte less", "no policy", "no signature"}
"""What S3 answers with 400: EntityTooLarge, EntityTooSmall, and forms that lack a part."""


@pytest.mark.hostile("input 14")
def test_a_form_that_has_expired_is_refused_by_the_server(alice: User, s3: Bucket) -> None:
    assert post(sign(announce(alice), seconds=-5)) == 403
    assert s3.objects() == []


@pytest.mark.hostile("input 14", "I7")
def test_a_replay_after_the_picture_was_verified_changes_nothing(alice: User, s3: Bucket) -> None:
    delivery = announce(alice)
    form = sign(delivery)
    assert post(form) == 204
    picture = workflow.complete_upload(delivery)
    workflow.receive_picture(picture.pk)
    workflow.analyse_picture(picture.pk)
    assert post(form, data=DATA[::-1]) == 204, "the server cannot know"
    picture = Picture.objects.get(pk=picture.pk)
    with storage.local_copy(picture.storage_key) as (_, checksum):
        assert checksum == picture.checksum
    assert sweep.sweep_everything(prefixes=())["incoming files removed"] == 1
    kept = [name for name in s3.objects() if name.startswith("originals/")]
    assert kept == [f"originals/{picture.storage_key}"]
