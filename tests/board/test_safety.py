"""Production does not start while its settings are unsafe, and says everything that is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from board.safety import refuse_unsafe

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DATABASE_URL": "postgres://a:b@c/d",
    "REDIS_URL": "redis://c/0",
    "DOPPEL_S3_BUCKET": "pictures",
    "DOPPEL_S3_ACCESS_KEY_ID": "key",
    "DOPPEL_S3_SECRET_ACCESS_KEY": "secret",
}
KEY = "a8f5f167f44f4964e6c998dee827110c-and-some-more-random-words"


def check(
    *,
    secret_key: str = KEY,
    debug: bool = False,
    allowed_hosts: tuple[str, ...] = ("pictures.example",),
    storage: str = "s3",
    env: Mapping[str, str] = GOOD,
) -> None:
    refuse_unsafe(secret_key=secret_key, debug=debug, allowed_hosts=allowed_hosts, storage=storage, env=env)


def test_safe_settings_pass() -> None:
    check()
    check(storage="filesystem", env={name: GOOD[name] for name in ("DATABASE_URL", "REDIS_URL")})


@pytest.mark.parametrize("key", ["", "short", "x" * 80])
def test_a_weak_secret_key_is_named(key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DOPPEL_SECRET_KEY"):
        check(secret_key=key)


@pytest.mark.parametrize("hosts", [(), ("*",)])
def test_open_hosts_are_named(hosts: tuple[str, ...]) -> None:
    with pytest.raises(ImproperlyConfigured, match="DOPPEL_ALLOWED_HOSTS"):
        check(allowed_hosts=hosts)


def test_debugging_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="DOPPEL_DEBUG"):
        check(debug=True)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_missing_value_is_named(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        check(env={key: value for key, value in GOOD.items() if key != name})


def test_an_unknown_storage_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="DOPPEL_STORAGE"):
        check(storage="floppy")


def test_everything_is_said_at_once_by_the_program_itself() -> None:
    environment = {"PATH": os.environ["PATH"], "DOPPEL_ENV": "production", "DOPPEL_STORAGE": "s3"}
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ran.returncode != 0
    for name in ("DOPPEL_SECRET_KEY", "DOPPEL_ALLOWED_HOSTS", *GOOD):
        assert name in ran.stderr


def test_safe_production_passes_the_deployment_check() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DOPPEL_ENV": "production",
        "DOPPEL_STORAGE": "s3",
        "DOPPEL_SECRET_KEY": KEY,
        "DOPPEL_ALLOWED_HOSTS": "pictures.example",
        **GOOD,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
