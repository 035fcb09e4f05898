"""``manage.py prepare_storage`` makes the bucket once, and keeps its rules."""

import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from django.core.management import call_command

from board import buckets
from board.buckets import EXPIRY, SENDING
from board.settings import bucket_storage


def test_the_file_system_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare_storage")
    assert "needs no preparation" in capsys.readouterr().out


@pytest.fixture
def new_bucket(s3: Any, settings: Any) -> Iterator[str]:
    """A bucket that is not there yet, and removed at the end."""
    given = s3.environment() | {"DOPPEL_S3_BUCKET": s3.name + "-new"}
    settings.STORAGE = "s3"
    settings.STORAGES = settings.STORAGES | {"originals": bucket_storage("originals", given)}
    settings.CSRF_TRUSTED_ORIGINS = ["https://board.example.org"]
    yield s3.name + "-new"
    s3.client().delete_bucket(Bucket=s3.name + "-new")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    call_command("prepare_storage")
    return capsys.readouterr().out.splitlines()


def test_a_missing_bucket_is_made_and_a_second_run_leaves_it(
    new_bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lines(capsys) == [
        f"Made the bucket {new_bucket}.",
        "Incoming files: removed after a day.",
        "Sending from browsers: as before.",
    ]
    assert lines(capsys) == [
        f"The bucket {new_bucket} is there.",
        "Incoming files: removed after a day, as before.",
        "Sending from browsers: as before.",
    ]


def test_browsers_may_send_from_our_pages_and_from_no_others(
    s3: Any, new_bucket: str, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = settings.STORAGES
    settings.STORAGES = plain | {"direct": plain["originals"]}
    assert lines(capsys)[2] == "Sending from browsers: allowed to https://board.example.org."
    assert lines(capsys)[2] == "Sending from browsers: as before."
    assert preflight(s3, new_bucket, "https://board.example.org") == "https://board.example.org"
    assert preflight(s3, new_bucket, "https://elsewhere.example.org") is None
    assert preflight(s3, new_bucket, "https://board.example.org", "PUT") is None
    settings.STORAGES = plain
    assert lines(capsys)[2] == "Sending from browsers: not allowed."
    assert preflight(s3, new_bucket, "https://board.example.org") is None


def test_rules_of_others_stay(
    s3: Any, new_bucket: str, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(capsys)
    client = s3.client()
    logs = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}
    reading = {"ID": "reading", "AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    client.put_bucket_lifecycle_configuration(Bucket=new_bucket, LifecycleConfiguration={"Rules": [logs]})
    client.put_bucket_cors(Bucket=new_bucket, CORSConfiguration={"CORSRules": [reading]})
    settings.STORAGES = settings.STORAGES | {"direct": settings.STORAGES["originals"]}
    lines(capsys)
    rules = client.get_bucket_lifecycle_configuration(Bucket=new_bucket)["Rules"]
    expiry = {rule["ID"]: (rule["Filter"]["Prefix"], rule["Expiration"]["Days"]) for rule in rules}
    assert expiry == {"logs": ("logs/", 7), EXPIRY: ("originals/incoming/", 1)}
    assert {rule["ID"] for rule in client.get_bucket_cors(Bucket=new_bucket)["CORSRules"]} == {
        "reading",
        SENDING,
    }


def test_a_service_without_such_rules_is_told_of_and_used_all_the_same(
    new_bucket: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(bucket: Any, prefix: str) -> str:
        raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutBucketLifecycleConfiguration")

    monkeypatch.setattr(buckets, "_keep_expiry", unable)
    assert "took no rule (NotImplemented)" in lines(capsys)[1]


def preflight(s3: Any, bucket: str, origin: str, method: str = "POST") -> str | None:
    """What the server tells a browser that asks whether a page may send something."""
    address = urlsplit(s3.endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    try:
        connection.request("OPTIONS", f"/{bucket}", headers=headers)
        return connection.getresponse().headers["Access-Control-Allow-Origin"]
    finally:
        connection.close()
