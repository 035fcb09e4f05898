"""The settings of direct uploads: one more origin, exactly, and only over HTTPS in production."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from board.settings import bucket_storage, origin_of_bucket
from tests.board.test_safety import GOOD, ROOT, check

_ASK = (
    "import json; from board import settings as s; "
    "print(json.dumps([s.CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'], 'direct' in s.STORAGES]))"
)


def settings_with(**environment: str) -> tuple[list[str], bool]:
    """The sources that scripts may connect to, and whether browsers send to storage."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DOPPEL_")}
    run = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=ROOT,
        env=bare | {"DOPPEL_SECRET_KEY": "x"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    connect, direct = json.loads(run.stdout)
    return connect, direct


def test_scripts_may_connect_to_storage_where_browsers_reach_it_and_nowhere_else() -> None:
    given = {"DOPPEL_STORAGE": "s3", "DOPPEL_S3_PUBLIC_ENDPOINT_URL": "https://s3.example.org:9000/"}
    assert settings_with(**given) == (["'self'", "https://s3.example.org:9000"], True)
    assert settings_with(**given | {"DOPPEL_STORAGE": "filesystem"}) == (["'self'"], False)
    assert settings_with(DOPPEL_STORAGE="s3") == (["'self'"], False)


@pytest.mark.parametrize(
    ("style", "origin"), [("path", "https://s3.example.org"), ("virtual", "https://lakes.s3.example.org")]
)
def test_a_bucket_may_have_a_host_of_its_own(style: str, origin: str) -> None:
    given = {"DOPPEL_S3_BUCKET": "lakes", "DOPPEL_S3_ADDRESSING_STYLE": style}
    assert origin_of_bucket("https://s3.example.org", bucket_storage("originals", given)["OPTIONS"]) == origin


def test_production_wants_https_for_it() -> None:
    public = "DOPPEL_S3_PUBLIC_ENDPOINT_URL"
    check(env={**GOOD, public: "https://s3.example.org"})
    with pytest.raises(ImproperlyConfigured, match=public):
        check(env={**GOOD, public: "http://s3.example.org"})
