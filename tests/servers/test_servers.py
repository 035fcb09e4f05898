"""The servers that the other tests rely on are the real ones, and do what those tests take for granted."""

import urllib.error
import urllib.request

import psycopg
import pytest
import redis

from script.supervisor.postgres import Postgres
from tests.servers.s3 import Bucket


def test_postgres_is_a_recent_one_with_a_linguistic_free_order(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, 'B' < 'a'").fetchone()
    assert row is not None
    assert row[0] >= 180000
    assert row[1] is True


def test_valkey_answers_to_its_password_only(valkey: str) -> None:
    with redis.Redis.from_url(valkey) as client:
        assert client.ping()
    with (
        redis.Redis.from_url(valkey.replace("://:", "://:wrong")) as stranger,
        pytest.raises(redis.RedisError),
    ):
        stranger.ping()


def test_a_bucket_is_empty_and_its_own(s3: Bucket) -> None:
    assert s3.objects() == []
    s3.client().put_object(Bucket=s3.name, Key="a/b", Body=b"bytes")
    assert s3.objects() == ["a/b"]


def test_the_s3_server_refuses_strangers(s3: Bucket) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{s3.endpoint}/{s3.name}?list-type=2", timeout=10)
    assert refusal.value.code == 403


def test_the_s3_server_holds_a_signed_upload_to_its_conditions(s3: Bucket) -> None:
    form = s3.client().generate_presigned_post(s3.name, "key", Conditions=[["content-length-range", 1, 10]])
    assert post(form["url"], form["fields"], b"12345") == 204
    assert post(form["url"], form["fields"], b"x" * 11) in {400, 403}
    assert post(form["url"], {**form["fields"], "key": "other"}, b"12345") == 403


def post(url: str, fields: dict[str, str], content: bytes) -> int:
    """Send a form as a browser does; the status of the answer."""
    parts = [
        f'--=\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in fields.items()
    ]
    file = '--=\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = "\r\n".join([*parts, file]).encode() + content + b"\r\n--=--\r\n"
    request = urllib.request.Request(url, body, {"Content-Type": "multipart/form-data; boundary=="})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
