"""A person's day: so many pictures, so many bytes, counted from the rows; more for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from board.models import ApiToken, User
from board.quotas import OverQuota, check_quota
from dedupe.models import Picture, State
from tests.uploads import jpeg, own_media, scene

__all__ = ["own_media"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_quotas(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.QUOTAS = {
        "person": {"pictures": 3, "size_bytes": 10_000_000},
        "staff": {"pictures": 9, "size_bytes": 90_000_000},
    }
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: True)


def sent(owner: User, hours_ago: float, size: int = 1000) -> Picture:
    at = timezone.now() - timedelta(hours=hours_ago)
    return Picture.objects.create(
        owner=owner,
        state=State.REJECTED,
        refusal="not_a_picture",
        checksum="0" * 64,
        size_bytes=size,
        created_at=at,
    )


@pytest.mark.hostile("input 19")
def test_what_was_sent_a_day_ago_counts_no_more(alice: User) -> None:
    for hours in (30, 25, 23, 2):
        sent(alice, hours)
    check_quota(alice, 1, 1000)
    with pytest.raises(OverQuota) as caught:
        check_quota(alice, 2, 1000)
    assert "3 pictures in a day" in str(caught.value)
    assert 3500 < caught.value.seconds <= 3600


@pytest.mark.hostile("input 19")
def test_bytes_count_as_well(alice: User) -> None:
    sent(alice, 20, 4_000_000)
    sent(alice, 10, 5_000_000)
    check_quota(alice, 1, 1_000_000)
    with pytest.raises(OverQuota) as caught:
        check_quota(alice, 1, 5_500_000)
    assert "0.01 GB" in str(caught.value)
    assert caught.value.seconds == pytest.approx(14 * 3600, abs=5)


@pytest.mark.hostile("input 19")
def test_others_do_not_count_and_staff_have_more(alice: User, bob: User, mod: User) -> None:
    for _ in range(3):
        sent(bob, 1)
        sent(mod, 1)
    check_quota(alice, 3, 0)
    check_quota(mod, 6, 0)
    with pytest.raises(OverQuota):
        check_quota(mod, 7, 0)


@pytest.mark.hostile("input 19")
def test_no_more_rows_are_read_than_the_quota_has(alice: User, django_assert_max_num_queries: Any) -> None:
    for hours in range(5):
        sent(alice, hours)
    with django_assert_max_num_queries(3), pytest.raises(OverQuota):
        check_quota(alice, 1, 0)


def files(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{n}.jpg", jpeg(scene(n)), "image/jpeg") for n in range(count)]


@pytest.mark.hostile("input 19")
def test_the_api_says_when_there_is_room_again(alice: User) -> None:
    _, key = ApiToken.issue(alice, "program")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    answers = [client.post("/api/v1/uploads", {"file": each}) for each in files(4)]
    assert [each.status_code for each in answers] == [202, 202, 202, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert 86_000 < int(answers[-1]["Retry-After"]) <= 86_400


@pytest.mark.hostile("input 19")
def test_the_page_takes_all_files_or_none_and_says_why(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    refused = client.post("/upload", {"file": files(4), "title": "Hills"})
    assert refused.status_code == 429
    assert int(refused["Retry-After"])
    assert "3 pictures in a day" in refused.content.decode()
    assert 'value="Hills"' in refused.content.decode()
    assert Picture.objects.count() == 0
    assert client.post("/upload", {"file": files(3)}).status_code == 302
