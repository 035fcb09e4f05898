"""``manage.py prepare_storage`` makes the bucket once."""

from typing import Any

import pytest
from django.core.management import call_command

from board.settings import bucket_storage


def test_the_file_system_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare_storage")
    assert "needs no preparation" in capsys.readouterr().out


def test_a_missing_bucket_is_made_and_a_second_run_leaves_it(
    s3: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    given = s3.environment() | {"DOPPEL_S3_BUCKET": s3.name + "-new"}
    settings.STORAGE = "s3"
    settings.STORAGES = settings.STORAGES | {"originals": bucket_storage("originals", given)}
    call_command("prepare_storage")
    call_command("prepare_storage")
    assert capsys.readouterr().out.splitlines() == [
        f"Made the bucket {s3.name}-new.",
        f"The bucket {s3.name}-new is there.",
    ]
