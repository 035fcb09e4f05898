"""``manage.py sweep`` says what it did."""

import pytest
from django.core.management import call_command

from dedupe.models import Picture
from tests.dedupe.conftest import Upload, jpeg, scene


@pytest.mark.django_db
def test_the_command_lists_what_was_put_right(
    upload: Upload, alice: object, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(alice, jpeg(scene())[:600])
    call_command("sweep")
    assert "1  files removed" in capsys.readouterr().out
    assert Picture.objects.get().storage_key == ""
